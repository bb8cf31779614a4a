import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/libs/history-checker',
  test: { name: 'history-checker', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2 },
});
