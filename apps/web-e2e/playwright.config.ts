import { defineConfig, devices } from '@playwright/test';
import { findBinary } from '@chat/services';

/** The distribution's own: a browser that Playwright downloads would be a second one to keep. */
const executablePath = findBinary('chromium');
if (executablePath === undefined) throw new Error('Chromium is not installed: `apt-get install chromium` on Debian and Ubuntu.');

export default defineConfig({
  testDir: './src',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results/tests',
  globalSetup: './src/cluster/global-setup.ts',
  // Tests wait more than they compute.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-US',
    timezoneId: 'Asia/Seoul',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
