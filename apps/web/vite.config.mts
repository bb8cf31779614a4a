import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const chatServer = process.env['CHAT_SERVER'] ?? 'http://localhost:8080';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/apps/web',
  plugins: [react()],
  server: {
    port: 4200,
    proxy: {
      '/api': chatServer,
      '/ws-chat': { target: chatServer, ws: true },
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The server's Content-Security-Policy allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { name: 'web', environment: 'jsdom', include: ['src/**/*.spec.{ts,tsx}'], pool: 'threads', maxWorkers: 2 },
});
