import type { Page } from '@playwright/test';
import { baseUrl } from './support/env.ts';
import { freshId, script } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const chart = (page: Page) =>
  page.getByRole('application', { name: 'Runs and planned runs by job over time' });
const canvas = (page: Page) => page.locator('canvas[data-first]').first();

/** Start and end of the view in the URL, in milliseconds; null where it names none. */
function viewOf(page: Page): { from: number; to: number } | null {
  const { searchParams } = new URL(page.url());
  const [from, to] = [searchParams.get('from'), searchParams.get('to')];
  return from === null || to === null ? null : { from: Date.parse(from), to: Date.parse(to) };
}

test('a run appears as it happens and is opened by keys', async ({ page, api }) => {
  const jobId = freshId('drawn');
  await api.createJob(jobId, script('process.exit(3)'), { description: 'Fails on purpose' });
  await page.goto(`/mock/timeline?q=${jobId}&idle=true`);
  await expect(page.getByRole('link', { name: jobId })).toBeVisible();
  await expect(canvas(page)).toBeVisible();
  const { run_id: runId } = await api.runNow(jobId);
  await api.end(runId);

  await expect(page.getByText('1 run', { exact: true })).toBeVisible();
  await expect(page.getByText('Failed 1')).toBeVisible();
  await chart(page).focus();
  await page.keyboard.press('ArrowDown');
  const card = page.getByRole('link', { name: 'Open run' });
  await expect(card).toBeVisible();
  await expect(page.getByText('Fails on purpose')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/mock/runs/${runId}$`));
});

test('the range is dragged, zoomed, moved and led back, and the URL follows', async ({ page, api }) => {
  const jobId = freshId('ranged');
  await api.createJob(jobId, script(''), { cron_expr: '*/30 * * * *' });
  await page.goto(`/mock/timeline?q=${jobId}`);
  await expect(page.getByRole('button', { name: 'Today', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(canvas(page)).toBeVisible();
  const box = await canvas(page).boundingBox();
  if (box === null) throw new Error('The chart has no place.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => viewOf(page)).not.toBeNull();
  const dragged = viewOf(page);
  if (dragged === null) throw new Error('The URL names no range.');
  expect(dragged.to - dragged.from).toBeLessThan(12 * 3_600_000);

  await page.keyboard.down('Control');
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  const length = () => {
    const view = viewOf(page);
    return view === null ? Infinity : view.to - view.from;
  };
  await expect.poll(length).toBeLessThan(dragged.to - dragged.from);

  await chart(page).focus();
  const before = viewOf(page)?.from ?? 0;
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => viewOf(page)?.from ?? 0).toBeGreaterThan(before);
  const near = length();
  await page.keyboard.press('-');
  await expect.poll(length).toBeGreaterThan(near);
  // A drag can be taken back.
  await page.goBack();
  await expect.poll(() => viewOf(page)).toBeNull();
});

test('what is planned is hollow, its number said, and the same stands in a table', async ({ page, api }) => {
  const jobId = freshId('planned');
  await api.createJob(jobId, script(''), {
    cron_expr: '*/5 * * * * *',
    enabled: true,
    resource_group: 'reporting',
  });
  await api.call('POST', `/api/v1/mock/jobs/${jobId}/pause`, {});
  const run = await api.runNow(jobId);
  await api.end(run.run_id);
  await page.goto(`/mock/timeline?q=${jobId}&view=table`);
  const table = page.getByRole('table', { name: 'Runs and planned runs by job' });
  const row = table.getByRole('row').filter({ hasText: jobId });
  await expect(row).toContainText('reporting');
  // Next drops a navigation that begins before its router stood up; live updates begin after that.
  await expect(page.getByRole('button', { name: 'Live', exact: true })).toBeVisible();
  await row.getByRole('link', { name: new RegExp(`runs? of ${jobId}`) }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/runs\\?job=${jobId}`));
  await expect(page.getByRole('table').getByRole('row').filter({ hasText: jobId }).first()).toBeVisible();

  const later = freshId('later');
  const tomorrow = new Date(Date.now() + 86_400_000);
  const day = `${tomorrow.getUTCDate()} ${tomorrow.getUTCMonth() + 1}`;
  await api.createJob(later, script(''), { cron_expr: `* * ${day} *`, time_zone: 'UTC' });
  const [from, to] = [0, 1].map((add) => {
    const at = new Date(tomorrow.getTime() + add * 86_400_000);
    return `${at.toISOString().slice(0, 10)}T00:00:00.000Z`;
  });
  await page.goto(`/mock/timeline?q=${later}&from=${from}&to=${to}`);
  await expect(page.getByText('1,440 planned')).toBeVisible();
  await chart(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('.');
  await expect(page.getByText(/planned runs, about every 1\s?m/)).toBeVisible();
});

test('filters are in the URL, and their emptiness offers a way out', async ({ page, api }) => {
  const jobId = freshId('filtered');
  await api.createJob(jobId, script(''));
  await api.end((await api.runNow(jobId)).run_id);
  await page.goto(`/mock/timeline?q=${jobId}`);
  await expect(page.getByRole('link', { name: jobId })).toBeVisible();
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Quarantined' }).click();
  await expect(page).toHaveURL(/status=quarantined/);
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await expect(page).not.toHaveURL(/status=/);
});

test('on a phone a tap shows the run and leads to it', async ({ browser, page: desk, api }) => {
  const jobId = freshId('tapped');
  await api.createJob(jobId, script(''));
  const { run_id: runId } = await api.runNow(jobId);
  await api.end(runId);
  const context = await browser.newContext({
    storageState: await desk.context().storageState(),
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    baseURL: baseUrl,
  });
  const page = await context.newPage();
  const now = Date.now();
  const range = [now - 600_000, now + 600_000].map((at) => new Date(at).toISOString());
  await page.goto(`/mock/timeline?q=${jobId}&from=${range[0]}&to=${range[1]}`);
  await expect.poll(async () => (await canvas(page).boundingBox())?.x ?? 999).toBeLessThan(20);
  const box = await canvas(page).boundingBox();
  if (box === null) throw new Error('The chart has no place.');
  await page.touchscreen.tap(box.x + box.width / 2, box.y + 36);
  await page.getByRole('link', { name: 'Open run' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/runs/${runId}$`));
  await context.close();
});
