import { z } from 'zod';
import { freshId } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const nameOf = () => freshId('lock').replaceAll('-', '_');

test('a lock is defined, found, explained by its id, and removed', async ({ page }) => {
  const name = nameOf();
  await page.goto('/mock/locks');
  await page.getByRole('button', { name: 'Define lock' }).click();
  const dialog = page.getByRole('dialog', { name: 'Define a lock' });
  await dialog.getByLabel('Name').fill('Not a name');
  await expect(dialog.getByText('starting with a letter')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Define' })).toBeDisabled();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Description').fill('Seen by a browser.');
  await dialog.getByRole('button', { name: 'Define' }).click();
  await expect(dialog).toBeHidden();

  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Free');
  await expect(row).toContainText(/2, 1\d{3}/);
  await page.getByRole('searchbox', { name: 'Search locks, holders, jobs' }).fill('nothing of this name');
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();

  await row.getByRole('button', { name: `Remove: ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
});

test('what others do appears without a reload', async ({ page, api }) => {
  const name = nameOf();
  await page.goto('/mock/locks');
  await expect(page.getByRole('row').filter({ hasText: 'trading_cycle' })).toBeVisible();
  await api.call('POST', '/api/v1/mock/locks', { name });
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  await api.call('DELETE', `/api/v1/mock/locks/${name}`);
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0);
});

test('the tabs keep their place in the address and say when they are empty', async ({ page }) => {
  await page.goto('/mock/locks');
  await page.getByRole('tab', { name: /^Symbols/ }).click();
  await expect(page).toHaveURL(/tab=symbols/);
  await expect(page.getByText('No symbol is held')).toBeVisible();
  await page.getByRole('tab', { name: 'Idempotency keys' }).click();
  await expect(page.getByText('No key in the last 24 hours')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Idempotency keys' })).toHaveAttribute('aria-selected', 'true');
});

test('the API says what pg_locks says', async ({ api }) => {
  const view = z.object({
    locks: z.array(
      z.object({ name: z.string(), lock_id: z.number(), advisory: z.object({ class_id: z.number() }) }),
    ),
  });
  const { locks } = view.parse(await api.call('GET', '/api/v1/mock/locks'));
  expect(locks.slice(0, 2)).toMatchObject([
    { name: 'trading_cycle', lock_id: 1001, advisory: { class_id: 2 } },
    { name: 'position_management', lock_id: 1002, advisory: { class_id: 2 } },
  ]);
});
