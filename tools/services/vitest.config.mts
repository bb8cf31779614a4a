import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/tools/services',
  test: { name: 'services', environment: 'node', include: ['src/**/*.spec.ts'], pool: 'threads', maxWorkers: 2 },
});
