import { freshId } from './support/scripts.ts';
import { expect, test } from './support/test.ts';
import { ensureAccount, seedTradersDay } from './support/traders.ts';

test('the desk says whether it is all right, what it does, what it holds and what needs somebody', async ({
  page,
}) => {
  await seedTradersDay();
  await page.goto('/real');
  await expect(page.getByRole('heading', { level: 1, name: 'Desk' })).toBeVisible();
  await expect(page.getByText(/needs? somebody now/)).toBeVisible();
  const attention = page.getByRole('region', { name: /Needs attention/ });
  await expect(attention.getByText('RSI 되돌림 is halted')).toBeVisible();
  await expect(attention.getByText(/Nobody sends for|is silent|does not trade/)).toBeVisible();
  const traders = page.getByRole('region', { name: /Traders/ });
  await expect(traders.getByRole('link', { name: 'Holding: 1' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Open positions' })).toContainText('삼성전자');
  await expect(page.getByRole('region', { name: 'Session' })).toContainText('KST');
  await attention.getByRole('link', { name: 'RSI 되돌림 is halted' }).click();
  await expect(page).toHaveURL(/\/real\/traders\/rsi$/);
});

test('a halt reaches an open desk without a reload', async ({ page, api }) => {
  await ensureAccount(api);
  const id = freshId('live');
  const definition = { name: `Live ${id}`, strategy: 'Rsi' };
  await api.call('POST', '/api/v1/mock/traders', { trader_id: id, account: 'of-traders', definition });
  await page.goto('/mock');
  await expect(page.getByRole('heading', { level: 1, name: 'Desk' })).toBeVisible();
  await api.call('POST', `/api/v1/mock/traders/${id}/halt`, { reason: 'Seen by a browser.' });
  await expect(page.getByText(`Live ${id} is halted`)).toBeVisible();
  await api.call('POST', `/api/v1/mock/traders/${id}/resume`, {});
  await expect(page.getByText(`Live ${id} is halted`)).toHaveCount(0);
  await api.call('DELETE', `/api/v1/mock/traders/${id}`);
});

test('what starts next is named with its time, and leads to its job', async ({ page, api }) => {
  const jobId = freshId('soon');
  await api.createJob(jobId, ['true'], { interval_seconds: 60 });
  await page.goto('/mock');
  const next = page.getByRole('region', { name: 'Next to run' });
  await expect(next.getByRole('link', { name: jobId })).toBeVisible();
  await next.getByRole('link', { name: jobId }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
});
