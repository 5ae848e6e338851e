import { defineConfig, devices } from '@playwright/test';
import { baseUrl, browserFlags, signedIn } from './e2e/support/env.ts';

/** Browser tests against a running, built application; `npm test -- e2e` starts one and sets E2E_*. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  fullyParallel: false,
  // One at a time: the application, its PostgreSQL and the browser share two cores.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: baseUrl,
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'Asia/Seoul',
    colorScheme: 'light',
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: browserFlags,
    },
  },
  projects: [
    { name: 'sign in', testMatch: 'sign-in.setup.ts' },
    {
      name: 'console',
      testMatch: '*.spec.ts',
      dependencies: ['sign in'],
      use: { storageState: signedIn },
    },
  ],
});
