import { freshId, script, ticking } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

test('a command is registered in the editor with its next runs in sight, and runs', async ({ page }) => {
  const jobId = freshId('prices');
  await page.goto('/mock/jobs');
  await page.getByRole('link', { name: 'New job' }).first().click();
  await page.getByLabel('Job id').fill(jobId);
  await page.getByLabel('Description').fill('Collects the prices of the day');
  await page
    .getByLabel('Command', { exact: true })
    .last()
    .fill(`"${process.execPath}" -e "console.log('well done')"`);
  await expect(page.getByRole('list', { name: 'The words the program receives' })).toContainText('-e');

  const cron = page.getByLabel('Cron expression');
  const preview = page.getByRole('complementary', { name: 'Next runs' });
  await cron.fill('61 8 * * 1-5');
  await expect(page.getByText('61 is outside 0–59 for the minute.')).toBeVisible();
  await page.getByRole('button', { name: 'Create job' }).click();
  const summary = page.getByRole('alert').filter({ hasText: 'needs attention' });
  await expect(summary.getByRole('link', { name: /Cron expression/ })).toBeVisible();
  await expect(page).toHaveURL(/\/mock\/jobs\/new$/);

  await cron.fill('30 8 * * 1-5');
  await expect(page.getByText('61 is outside')).toHaveCount(0);
  // A heading, then ten fires on the clock of Seoul.
  await expect(preview.getByRole('row')).toHaveCount(11);
  await expect(preview).toContainText('KST');
  await expect(preview.getByRole('row').nth(1)).toContainText('08:30');
  await page.getByRole('button', { name: 'Create job' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(jobId);

  await page.getByRole('link', { name: 'Jobs' }).first().click();
  const row = page.getByRole('table', { name: 'Jobs' }).getByRole('row').filter({ hasText: jobId });
  await expect(row).toContainText('Collects the prices of the day');
  await expect(row).toContainText('08:30');
  await row.getByRole('button', { name: `Actions for ${jobId}` }).click();
  await page.getByRole('menuitem', { name: 'Run now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('button', { name: 'See run' }).click();
  await expect(page.getByText('well done', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Succeeded');
});

test('a schedule edited while the job runs takes effect without a restart', async ({ page, api }) => {
  const jobId = freshId('rescheduled');
  await api.createJob(jobId, ticking(40, 250), { cron_expr: '0 0 1 1 *', max_parallel: 3, overlap: 'skip' });
  await page.goto(`/mock/jobs/${jobId}`);
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Running');

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Cron expression').fill('*/2 * * * * *');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
  const saved = Date.now();
  await page.getByRole('tab', { name: 'Runs' }).click();
  const runs = page.getByRole('table', { name: 'Runs of this job' });
  await expect(runs.getByRole('row').filter({ hasText: 'Schedule' }).first()).toBeVisible();
  expect(Date.now() - saved).toBeLessThan(10_000);
  const fired = (await api.runsOf(jobId)).filter((run) => run.trigger_source === 'scheduler');
  expect(fired.every((run) => new Date(run.scheduled_for).getUTCSeconds() % 2 === 0)).toBe(true);

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(`${jobId} is paused`)).toBeVisible();
  for (const run of await api.runsOf(jobId))
    if (run.finished_at === null) await api.call('POST', `/api/v1/mock/runs/${run.run_id}/cancel`, {});
});

test('a paused job waits for a person, and pausing can be undone', async ({ page, api }) => {
  const jobId = freshId('paused');
  await api.createJob(jobId, script(''), { cron_expr: '0 9 * * *' });
  await page.goto(`/mock/jobs/${jobId}`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Paused: no next run')).toBeVisible();
  expect(await api.job(jobId)).toMatchObject({ enabled: false, next_due_at: null });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Paused: no next run')).toHaveCount(0);
  await expect.poll(async () => (await api.job(jobId)).enabled).toBe(true);

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByText(`${jobId} runs again by its schedule`).first()).toBeVisible();
  await expect.poll(async () => (await api.job(jobId)).next_due_at).not.toBeNull();
});

test('versions are compared, and an earlier one is brought back', async ({ page, api }) => {
  const jobId = freshId('versions');
  await api.createJob(jobId, script(''), { cron_expr: '0 9 * * *', timeout_sec: 60 });
  await api.editJob(jobId, { cron_expr: '0 10 * * *' });
  await api.editJob(jobId, { timeout_sec: 90 });
  await page.goto(`/mock/jobs/${jobId}?tab=versions`);
  const second = page.getByRole('listitem').filter({ hasText: 'v2' });
  await expect(second).toContainText('Changed: Cron expression');
  await page.getByRole('listitem').filter({ hasText: 'v1' }).getByRole('button', { name: 'Compare' }).click();
  const compared = page.getByRole('region', { name: 'Compare' });
  await expect(compared).toContainText('Cron expression');
  await expect(compared).toContainText('Time limit');

  await second.getByRole('button', { name: 'Restore' }).click();
  const question = page.getByRole('alertdialog', { name: 'Restore version 2?' });
  await expect(question).toContainText('Time limit');
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Version 2 is in use again, as version 4')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'v4' })).toContainText('restored from v2');
  expect(await api.job(jobId)).toMatchObject({ version: 4, cron_expr: '0 10 * * *', timeout_sec: 60 });
});

test('an edit made meanwhile by somebody else is not run over', async ({ page, api }) => {
  const jobId = freshId('contested');
  await api.createJob(jobId, script(''), { cron_expr: '0 9 * * *' });
  await page.goto(`/mock/jobs/${jobId}/edit`);
  await page.getByLabel('Description').fill('mine');
  await api.editJob(jobId, { cron_expr: '0 11 * * *' });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody edited this job meanwhile' });
  await expect(dialog).toContainText('Cron expression');
  await dialog.getByRole('button', { name: 'Save mine on top' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
  expect(await api.job(jobId)).toMatchObject({ description: 'mine', cron_expr: '0 11 * * *', version: 3 });
});

test('the list is searched and filtered by its address, and acts on several jobs', async ({ page, api }) => {
  const family = freshId('several');
  for (const name of ['a', 'b'])
    await api.createJob(`${family}-${name}`, script(''), { cron_expr: '0 9 * * *' });
  await page.goto('/mock/jobs');
  await page.getByRole('searchbox', { name: 'Search id or description' }).fill(family);
  await expect(page).toHaveURL(new RegExp(`q=${family}`));
  const rows = page.getByRole('table', { name: 'Jobs' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await page.getByRole('checkbox', { name: 'Select all rows shown' }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Pause 2' }).click();
  await expect.poll(async () => (await api.job(`${family}-a`)).enabled).toBe(false);
  await expect.poll(async () => (await api.job(`${family}-b`)).enabled).toBe(false);
  await page.goto(`/mock/jobs?q=${family}&state=enabled`);
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
});

test('a job is deleted once its id is typed; its runs stay', async ({ page, api }) => {
  const jobId = freshId('doomed');
  await api.createJob(jobId, script(''));
  const run = await api.runNow(jobId);
  await api.end(run.run_id);
  await page.goto(`/mock/jobs/${jobId}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog');
  const verb = question.getByRole('button', { name: 'Delete job' });
  await expect(verb).toBeDisabled();
  await question.getByRole('textbox').fill(jobId);
  await verb.click();
  await expect(page).toHaveURL(/\/mock\/jobs$/);
  await expect(page.getByText(`${jobId} was deleted`)).toBeVisible();
  await page.goto(`/mock/jobs/${jobId}`);
  await expect(page.getByText(`There is no job “${jobId}” here`)).toBeVisible();
  await page.goto(`/mock/runs/${run.run_id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(jobId);
});
