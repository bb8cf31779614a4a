import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/apps/chat-server',
  test: { name: 'chat-server', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2 },
});
