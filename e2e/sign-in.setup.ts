import { chmodSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { keyFile, owner, signedIn } from './support/env.ts';
import { createKey, fillSignIn, ownerSession } from './support/session.ts';

test('the owner signs in and makes a key for the tests', async ({ page }) => {
  await page.goto('/sign-in');
  await fillSignIn(page, owner);
  await expect(page).toHaveURL(/\/(real|mock)$/);
  await page.context().storageState({ path: signedIn });
  chmodSync(signedIn, 0o600);

  const session = await ownerSession();
  const { key } = await createKey(session, 'browser tests', [{ role: 'admin', scope: '*' }]);
  writeFileSync(keyFile, key, { mode: 0o600 });
  await session.dispose();
});
