import type { Page } from '@playwright/test';
import { endless, freshId, script, ticking } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const lines = 20;

/** Notes, in the page, when each `tick N EPOCH_MS` is first drawn; answers how long after their printing that was, in ms, for those printed since. */
async function watchTicks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const seen = new Map<string, number>();
    const since = Date.now();
    const look = () => {
      const text = document.querySelector('main')?.innerText ?? '';
      for (const [line, at] of text.matchAll(/tick \d+ (\d{13})/g))
        if (Number(at) >= since && !seen.has(line)) seen.set(line, Date.now() - Number(at));
    };
    Object.assign(window, { ticksSeen: seen });
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    look();
  });
  return () =>
    page.evaluate(() => {
      const seen = Reflect.get(window, 'ticksSeen');
      return seen instanceof Map ? [...seen.values()] : [];
    });
}

test('a log appears line by line while it is written, with the progress', async ({ page, api }, info) => {
  const jobId = freshId('ticker');
  await api.createJob(jobId, ticking(lines, 300));
  await page.goto(`/mock/jobs/${jobId}`);
  const run = await api.runNow(jobId);
  await page.goto(`/mock/runs/${run.run_id}`);
  const lateness = await watchTicks(page);

  const log = page.getByRole('region', { name: 'Log of the run' }).last();
  await expect(log.getByText(/^tick 5 \d+$/)).toBeVisible();
  const bar = page.getByRole('progressbar', { name: 'ticking' });
  await expect(bar).toBeVisible();
  const first = Number(await bar.getAttribute('aria-valuenow'));
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(first);

  // Following: the newest line is in sight without a hand on the wheel.
  await expect(log.getByText(new RegExp(`^tick ${lines} \\d+$`))).toBeInViewport();
  await expect(page.getByText(/^Complete/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Why it is where it is' })).toContainText('Finished.');

  const live = (await lateness()).toSorted((a, b) => a - b);
  const at = (share: number) => live[Math.min(live.length - 1, Math.floor(live.length * share))] ?? Infinity;
  const words = `median ${at(0.5)} ms, 90 % within ${at(0.9)} ms, ${live.length} lines`;
  info.annotations.push({ type: 'lateness of log lines', description: words });
  console.log(`lateness of log lines: ${words}`);
  expect(live.length).toBeGreaterThan(lines / 2);
  expect(at(0.9)).toBeLessThan(3_000);
});

test('a log is searched, followed at will, and linked to line by line', async ({ page, api }) => {
  const jobId = freshId('printer');
  await api.createJob(
    jobId,
    script(`for (let n = 1; n <= 400; n += 1) console.log(n % 100 === 0 ? 'needle ' + n : 'hay ' + n);
      console.log('the last');`),
  );
  const run = await api.runNow(jobId);
  expect(await api.end(run.run_id)).toBe('succeeded');
  await page.goto(`/mock/runs/${run.run_id}`);
  const log = page.getByRole('region', { name: 'Log of the run' }).last();
  await expect(log.getByText('the last')).toBeInViewport();
  const follow = page.getByRole('button', { name: 'Follow new lines' });
  await expect(follow).toHaveAttribute('aria-pressed', 'true');

  await page.getByRole('textbox', { name: 'Search the log' }).fill('needle');
  await expect(page.getByText('4 lines', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^\d of 4$/)).toBeVisible();
  await expect(log.getByText('needle').first()).toBeInViewport();
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  await page.getByRole('button', { name: 'Clear search' }).click();
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(log.getByText('the last')).toBeInViewport();

  const number = log.getByRole('link', { name: /^Line \d+$/ }).last();
  const hash = await number.getAttribute('href');
  await number.click();
  expect(new URL(page.url()).hash).toBe(hash);
  const lineOf100 = (await api.logOf(run.run_id)).indexOf('needle 100') + 1;
  await page.goto('about:blank');
  await page.goto(`/mock/runs/${run.run_id}#L${lineOf100}`);
  await expect(log.getByText('needle 100')).toBeInViewport();
});

test('a running run is cancelled', async ({ page, api }) => {
  const jobId = freshId('endless');
  await api.createJob(jobId, endless);
  const run = await api.runNow(jobId);
  await page.goto(`/mock/runs/${run.run_id}`);
  await expect(page.getByText('begun')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('a command that does not stop is killed');
  await question.getByRole('button', { name: 'Cancel run' }).click();
  const why = page.getByRole('region', { name: 'Why it is where it is' });
  await expect(why).toContainText('Cancelled by');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled');
  expect((await api.run(run.run_id)).state).toBe('cancelled');
});

test('a failed run says why, and succeeds again with other parameters', async ({ page, api }) => {
  const jobId = freshId('failing');
  await api.createJob(jobId, script(`console.error('no such file'); process.exit(3)`), {
    retry_limit: 1,
    retry_delay_sec: 1,
  });
  const run = await api.runNow(jobId);
  expect(await api.end(run.run_id)).toBe('quarantined');

  await page.goto(`/mock/runs?tab=quarantined&job=${jobId}`);
  await page.getByRole('row').filter({ hasText: jobId }).getByText('Quarantined').click();
  await expect(page).toHaveURL(new RegExp(`/mock/runs/${run.run_id}`));
  const why = page.getByRole('region', { name: 'Why it is where it is' });
  await expect(why).toContainText('exit code 3');
  await page.getByRole('button', { name: 'Run again' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Parameters (JSON)').fill('{"argv": [');
  await expect(dialog.getByText(/This is not JSON/)).toBeVisible();
  await dialog
    .getByLabel('Parameters (JSON)')
    .fill(JSON.stringify({ argv: script(`console.log('found it')`) }, null, 2));
  await dialog.getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByText('found it')).toBeVisible();
  await expect(why).toContainText('Finished.');
  await page.getByRole('tab', { name: 'Attempts' }).click();
  await expect(page.getByText('Attempt 3')).toBeVisible();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'Every transition of this run' })).toContainText(
    'Rerun, asked for by',
  );
  // The job keeps its own parameters.
  expect((await api.job(jobId)).params).not.toEqual((await api.run(run.run_id)).params);
});

test('the list of runs keeps its filters in the address', async ({ page, api }) => {
  const good = freshId('good');
  const bad = freshId('bad');
  await api.createJob(good, script(''));
  await api.createJob(bad, script('process.exit(1)'));
  const runs = [await api.runNow(good), await api.runNow(bad)];
  for (const run of runs) await api.end(run.run_id);

  await page.goto('/mock/runs');
  const table = page.getByRole('table', { name: 'Runs, newest first' });
  await expect(table.getByRole('row').filter({ hasText: good })).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Job' }).click();
  await page.getByPlaceholder('Search', { exact: true }).last().fill(bad);
  await page.getByRole('option', { name: bad }).click();
  await expect(page).toHaveURL(new RegExp(`job=${bad}`));
  await expect(table.getByRole('row').filter({ hasText: good })).toHaveCount(0);
  await page.getByRole('navigation', { name: 'State' }).getByRole('button', { name: 'Failed' }).click();
  await expect(page).toHaveURL(/tab=failed/);
  await expect(table.getByRole('row').filter({ hasText: bad })).toHaveCount(1);

  await page.reload();
  await expect(table.getByRole('row').filter({ hasText: bad })).toHaveCount(1);
  await page.goBack();
  await expect(page).not.toHaveURL(/tab=/);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/mock\/runs$/);
  await expect(table.getByRole('row').filter({ hasText: good })).toHaveCount(1);

  await page.goto(`/mock/runs?job=${good}&tab=failed`);
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
});
