import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/tools/cluster',
  test: {
    name: 'cluster',
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // A cluster takes ten seconds to start where others keep the machine busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
