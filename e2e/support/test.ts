import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { Api } from './api.ts';
import { savedKey } from './env.ts';

interface Fixtures {
  /** The API with a key of all permissions. */
  readonly api: Api;
  /** Opens a browser window of its own in which nobody is signed in; closed after the test. */
  readonly stranger: () => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  api: async ({}, use) => {
    await use(new Api(savedKey()));
  },
  stranger: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from '@playwright/test';

/** Collects what the browser complains about: console errors, uncaught exceptions, violated content policy. */
export async function complaintsOf(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return complaints;
}
