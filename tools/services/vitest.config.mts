import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/tools/services',
  test: {
    name: 'services',
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // A RabbitMQ takes seconds to start, and a first run may have to install what is missing.
    testTimeout: 120_000,
  },
});
