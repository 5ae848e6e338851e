import { z } from 'zod';
import { summaryRow } from '#domain/performance/view.ts';
import type { Api } from './support/api.ts';
import { seedDesk } from './support/desk.ts';
import { complaintsOf, expect, test } from './support/test.ts';

const summaries = z.object({ items: z.array(summaryRow) });

/** The newest settled day on which something was closed. */
async function busyDay(api: Api) {
  const { items } = summaries.parse(await api.call('GET', '/api/v1/mock/summaries?limit=50'));
  const day = items.find(({ trades }) => trades > 0);
  if (day === undefined) throw new Error('No day with trades was seeded.');
  return day;
}

const plain = (text: string | null) => (text ?? '').replaceAll(/[^\d.-]/g, '');

test('what the page shows is what the API says, and its range stands in the address', async ({
  page,
  api,
}) => {
  await seedDesk();
  const complaints = await complaintsOf(page);
  await page.goto('/mock/pnl');
  const { pnl } = z.object({ pnl: z.string() }).parse(await api.call('GET', '/api/v1/mock/pnl'));
  await expect(page.getByText('Profit and loss', { exact: true }).nth(1)).toBeVisible();
  await expect
    .poll(async () => plain(await page.locator('dl dd').first().locator('span').first().textContent()))
    .toBe(pnl);
  await expect(page.locator('.recharts-surface').first()).toBeVisible();
  await page.getByRole('radio', { name: '1M' }).click();
  await expect(page).toHaveURL(/range=1m/);
  await page.getByRole('radio', { name: 'Symbol' }).click();
  await expect(page).toHaveURL(/by=symbol/);
  await expect(page.getByRole('columnheader', { name: 'Symbol' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: '1M' })).toBeChecked();
  expect(complaints).toEqual([]);
});

test('the charts have a table in their place, and days are walked by keys', async ({ page, api }) => {
  await seedDesk();
  const day = await busyDay(api);
  await page.goto('/mock/pnl');
  const cell = page.locator(`[data-day="${day.trading_day}"]`);
  await cell.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(cell).not.toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/mock/summaries/${day.trading_day}$`));
  await page.goto('/mock/pnl?view=table');
  const table = page.getByRole('table', { name: 'Profit and loss of each day' });
  await expect(table.getByRole('row').filter({ hasText: day.trading_day })).toBeVisible();
});

test('a trader narrows the page, and is let go again', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/pnl');
  const rows = page.getByRole('table', { name: 'Closed trades by' }).getByRole('row');
  await rows.nth(1).click();
  await expect(page).toHaveURL(/trader=/);
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: /Show all traders/ }).click();
  await expect(page).not.toHaveURL(/trader=/);
});

test('the breakdown is downloaded as a table', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/pnl?by=symbol');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^pnl-mock-by-symbol-.*\.csv$/);
});

test('a day leads from the list to its page, says why a measure is missing, and is settled again', async ({
  page,
  api,
}) => {
  await seedDesk();
  const day = await busyDay(api);
  await page.goto('/mock/summaries');
  await page.getByRole('row').filter({ hasText: day.trading_day }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(day.trading_day);
  await expect(page.getByRole('heading', { name: `Closed trades (${day.trades})` })).toBeVisible();
  // Whether a day has losses is the seed's luck: where it has none, the page says so in words.
  if (day.profit_factor.value === null)
    await expect(
      page.getByText(/No closed trades|No trade was closed|without|No losing/).first(),
    ).toBeAttached();
  await page.getByRole('button', { name: 'Settle again' }).click();
  await expect(page.getByText(`${day.trading_day} was settled.`)).toBeVisible();
  const { items } = summaries.parse(await api.call('GET', '/api/v1/mock/summaries?limit=50'));
  const again = items.find(({ trading_day }) => trading_day === day.trading_day);
  expect({ ...again, generated_at: null }).toEqual({ ...day, generated_at: null });
});

test('a day prints in light colours without the frame, however the screen looks', async ({ page, api }) => {
  await seedDesk();
  const day = await busyDay(api);
  await page.context().addCookies([
    {
      name: 'bk_theme',
      value: 'dark',
      url: page.url() === 'about:blank' ? 'http://127.0.0.1' : page.url(),
    },
  ]);
  await page.goto(`/mock/summaries/${day.trading_day}`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('navigation').first()).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
  await page.setViewportSize({ width: 703, height: 1_000 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(703);
});

test('a range in which nothing was marked says what will be here', async ({ page }) => {
  const range = 'from=2020-01-06&to=2020-01-10';
  await page.goto(`/real/pnl?${range}`);
  await expect(page.getByText('Nothing was marked in these days')).toBeVisible();
  await page.goto(`/real/summaries?${range}`);
  await expect(page.getByText('No day of this range was settled')).toBeVisible();
});
