import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/apps/loadgen',
  test: { name: 'loadgen', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2, testTimeout: 30_000 },
});
