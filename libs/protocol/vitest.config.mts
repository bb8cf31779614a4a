import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/libs/protocol',
  test: { name: 'protocol', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2 },
});
