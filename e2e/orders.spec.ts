import { seedDesk } from './support/desk.ts';
import { expect, test } from './support/test.ts';

test('an unknown order stands first, beside the broker orders it may be', async ({ page }) => {
  const { candidates } = await seedDesk();
  await page.goto('/mock/orders');
  const card = page.getByRole('article', { name: 'Unknown order in SK하이닉스' });
  await expect(card.getByText('2 broker orders fit. Which one is it?')).toBeVisible();
  for (const key of candidates) await expect(card.getByText(key)).toBeVisible();
  const top = await card.boundingBox();
  const open = await page.getByRole('heading', { name: 'Open', exact: true }).boundingBox();
  expect(top?.y).toBeLessThan(open?.y ?? 0);
});

test('what it means to say "not ours" is told before it is said, and why is asked', async ({ page }) => {
  const { candidates } = await seedDesk();
  await page.goto('/mock/orders');
  await page.getByRole('button', { name: `Not ours: ${candidates[1]}` }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByText('the buy is given up: it is not sent again')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Not ours' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('The trader says so.');
  await expect(dialog.getByRole('button', { name: 'Not ours' })).toBeEnabled();
});

test('an order opens from the list, with its sends and its history', async ({ page }) => {
  const { unknown } = await seedDesk();
  await page.goto('/mock/orders');
  await page.getByRole('link', { name: 'SK하이닉스' }).first().click();
  await expect(page).toHaveURL(new RegExp(`/mock/orders/${unknown}$`));
  await expect(page.getByText('answer lost')).toBeVisible();
  await expect(page.getByText('Found after a crash.')).toBeVisible();
});

test('the history is narrowed in the URL, and says when nothing is left', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/orders');
  const rows = page.getByRole('table', { name: 'Orders that are over' }).getByRole('row');
  await expect(rows.nth(2)).toBeVisible();
  await page.getByRole('textbox', { name: 'Symbol' }).fill('999999');
  await expect(page).toHaveURL(/symbol=999999/);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).not.toHaveURL(/symbol=/);
  await expect(rows.nth(2)).toBeVisible();
});

test('fills are downloaded as a spreadsheet reads them', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/orders?tab=fills');
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('fills-mock.csv');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  expect(text.startsWith('\uFEFFfill_id,at,trading_day')).toBe(true);
  expect(text.split('\r\n').length).toBeGreaterThan(10);
});
