import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/tools/interop',
  test: { name: 'interop', environment: 'node', include: ['src/**/*.spec.ts'], testTimeout: 300_000, hookTimeout: 180_000, maxWorkers: 1 },
});
