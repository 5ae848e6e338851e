import { freshId, script } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

test('a day is closed with its consequences in sight, shown with its author, and taken back', async ({
  page,
  api,
}) => {
  const jobId = freshId('closing');
  await api.createJob(jobId, script(''), { session: 'close - 10m', calendar: 'XKRX' });
  await page.goto('/mock/calendar?day=2028-03-08');
  await expect(page.getByRole('heading', { level: 2, name: /2028-03-08/ })).toBeVisible();
  await expect(page.getByText('Continuous')).toBeVisible();
  await expect(page.getByText(/beyond the published table/)).toBeVisible();

  await page.getByRole('button', { name: 'Change this day' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Typhoon');
  const moved = dialog.getByRole('listitem').filter({ hasText: jobId });
  await expect(moved).toContainText('1 → 0');
  await dialog.getByRole('button', { name: 'Close the day' }).click();
  await expect(dialog).toHaveCount(0);
  const cell = page.getByRole('button', { name: /^2028-03-08, Closed/ });
  await expect(cell).toContainText('Typhoon');
  await expect(page.getByText(/entered by/)).toBeVisible();

  await page.getByRole('button', { name: 'Edit the exception' }).click();
  await dialog.getByText('As usual').click();
  await expect(dialog.getByRole('listitem').filter({ hasText: jobId })).toContainText('0 → 1');
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('button', { name: /^2028-03-08, Open/ })).toBeVisible();
});

test('days are gone through by keys, and the URL follows', async ({ page }) => {
  await page.goto('/mock/calendar?day=2026-09-24');
  const day = (date: string) => page.getByRole('button', { name: new RegExp(`^${date}`) });
  await expect(day('2026-09-24')).toContainText('Chuseok eve');
  await day('2026-09-24').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/day=2026-09-25/);
  await expect(day('2026-09-25')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageDown');
  await expect(page).toHaveURL(/day=2026-11-02/);
  await expect(day('2026-11-19')).toContainText('10:00–16:30');
});

test('what ran and what is planned is counted by day and job', async ({ page, api }) => {
  const jobId = freshId('counted');
  await api.createJob(jobId, script(''), { cron_expr: '*/10 * * * * *' });
  await api.call('POST', `/api/v1/mock/jobs/${jobId}/pause`, {});
  await api.end((await api.runNow(jobId)).run_id);
  await page.goto(`/mock/calendar?job=${jobId}`);
  const jobs = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name: jobId, exact: true }) });
  await expect(jobs).toContainText('Succeeded');
  const later = freshId('planned');
  await api.createJob(later, script(''), { cron_expr: '*/10 * * 2 *', time_zone: 'Asia/Seoul' });
  await page.goto(`/mock/calendar?job=${later}&day=2028-02-29`);
  await expect(page.getByRole('button', { name: /^2028-02-29.*144 planned/ })).toBeVisible();
  await expect(page.getByText(/Planned 00:00 · 00:10/)).toContainText('136 more');
});

test('a calendar of the desk is made, used and deleted', async ({ page, api }) => {
  const id = `DESK-${freshId('x').slice(-6)}`;
  await page.goto('/mock/calendar?day=2027-03-03');
  await page.getByRole('button', { name: 'New calendar' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Id', { exact: true }).fill('not an id');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Letters, digits, “_” and “-”, at most 40.')).toBeVisible();
  await dialog.getByLabel('Id', { exact: true }).fill(id);
  await dialog.getByLabel('Wednesday: Opens').fill('10:00');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`calendar=${id}`));
  await expect(page.getByText('10:00 – 15:30')).toBeVisible();
  const jobId = freshId('desk');
  await api.createJob(jobId, script(''), { cron_expr: '0 12 * * *', calendar: id });
  await page.getByRole('button', { name: 'Edit calendar' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(question.getByRole('alert')).toContainText(jobId);
  await api.call('DELETE', `/api/v1/mock/jobs/${jobId}`);
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(page).not.toHaveURL(/calendar=DESK/);
});
