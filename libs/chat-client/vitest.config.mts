import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/libs/chat-client',
  test: { name: 'chat-client', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2, testTimeout: 60_000 },
});
