import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/apps/chat-server',
  test: {
    name: 'chat-server',
    environment: 'node',
    include: ['src/**/*.spec.ts'],
    // Real services, shared by all specs; those that break a service start their own.
    globalSetup: ['@chat/services/vitest-global-setup'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
