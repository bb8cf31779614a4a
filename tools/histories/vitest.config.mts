import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/tools/histories',
  test: { name: 'histories', environment: 'node', include: ['src/**/*.spec.ts'], testTimeout: 300_000, hookTimeout: 120_000, maxWorkers: 1 },
});
