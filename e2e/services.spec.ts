import { freshId } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

test('a service is made in the editor, ticks in sight, and stops when its job is paused', async ({
  page,
  api,
}) => {
  const jobId = freshId('watch');
  await page.goto('/mock/jobs/new');
  await page.getByLabel('Job id').fill(jobId);
  await page
    .getByLabel('Command', { exact: true })
    .last()
    .fill(`"${process.execPath}" -e "if (process.env.BELLKEEPER_TICK === '2') console.log('second tick')"`);
  await page.getByRole('radio', { name: 'Service', exact: true }).click();
  const preview = page.getByRole('complementary', { name: 'Next sessions' });
  await page.getByLabel('Tick every').fill('5');
  // The KRX session is proposed; each next session is shown from its start to its end.
  await expect(preview).toContainText('Every 5 seconds, from open to close of each trading day');
  await expect(preview.getByRole('row').nth(1)).toContainText(/\d\d:\d\d–\d\d:\d\d/);
  await expect(page.getByText('After 4 failing ticks in a row')).toBeVisible();
  await page.getByLabel('Calendar').click();
  await page.getByRole('option', { name: 'Crypto, 24/7 (CRYPTO)' }).click();
  await page.getByLabel('Tick every').fill('1');
  await expect(preview).toContainText('Every second, around the clock');
  await page.getByRole('button', { name: 'Create job' }).click();

  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
  await expect(page.getByText(/Ticking every second · \d+ ticks? · no failures/)).toBeVisible();
  const [open] = (await api.job(jobId)).open_runs;
  await page.goto(`/mock/runs/${open?.run_id}`);
  const service = page.getByRole('region', { name: 'Service' });
  await expect(service).toContainText(/Ticking every second · \d+ ticks · no failures · last/);
  await expect(service).toContainText('Runs until');
  await expect(page.getByText('second tick', { exact: true })).toBeVisible();
  await expect(page.getByText('tick 2', { exact: true })).toBeVisible();

  await page.goto(`/mock/jobs/${jobId}`);
  // The age of the last tick is told by the browser's clock: the page is alive.
  await expect(page.getByText(/no failures · last/)).toBeVisible();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(`${jobId} is paused; its service stops`)).toBeVisible();
  await page.goto(`/mock/runs/${open?.run_id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled');
  await expect(page.getByText('paused the job. A resumed job goes on').first()).toBeVisible();
});
