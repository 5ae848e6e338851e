import type { Page } from '@playwright/test';
import type { Api } from './support/api.ts';
import { freshId, script } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

/** Jobs started by hand, none of which depends on another. */
async function makeJobs(api: Api, ...names: string[]): Promise<string[]> {
  const ids = names.map(freshId);
  for (const id of ids) await api.createJob(id, script(''), { description: `Job ${id}` });
  return ids;
}

async function choose(page: Page, field: string, job: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Add a dependency' });
  await dialog.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByPlaceholder('Search', { exact: true }).last().fill(job);
  await page.getByRole('option', { name: job }).click();
}

/** Adds one edge by the form of the edit bar. */
async function addEdge(page: Page, upstream: string, downstream: string): Promise<void> {
  await page.getByRole('button', { name: 'Add dependency' }).click();
  await choose(page, 'First', upstream);
  await choose(page, 'Then', downstream);
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
}

const rowOf = (page: Page, ...jobs: string[]) =>
  jobs.reduce(
    (rows, job) => rows.filter({ hasText: job }),
    page.getByRole('table', { name: 'Dependencies between jobs' }).getByRole('row'),
  );

test('an edge is added by form, undone, saved, and a cycle is refused with its path', async ({
  page,
  api,
}) => {
  const [first = '', second = '', third = ''] = await makeJobs(api, 'first', 'second', 'third');
  await page.goto('/mock/graph?view=table');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await addEdge(page, first, second);
  await addEdge(page, second, third);
  const bar = page.getByRole('region', { name: 'Edit dependencies' });
  await expect(bar).toContainText('2 added');
  await bar.getByRole('button', { name: 'Undo' }).click();
  await expect(bar).toContainText('1 added');
  await addEdge(page, second, third);

  await page.getByRole('button', { name: 'Add dependency' }).click();
  await choose(page, 'First', third);
  await choose(page, 'Then', first);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText(`${third} → ${first} → ${second} → ${third}`);
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await expect(rowOf(page, first, second)).toHaveCount(1);
  expect((await api.job(second)).depends_on).toMatchObject([{ job_id: first, kind: 'gate' }]);
  expect((await api.job(third)).depends_on).toMatchObject([{ job_id: second }]);
});

test('somebody else’s edit is not overwritten: both are kept', async ({ page, api }) => {
  const [mine = '', theirs = '', after = ''] = await makeJobs(api, 'mine', 'theirs', 'after');
  await page.goto('/mock/graph?view=table');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await addEdge(page, mine, after);
  await api.editJob(after, { depends_on: [theirs] });
  await page.getByRole('region', { name: 'Edit dependencies' }).getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else edited the dependencies' });
  await expect(dialog).toContainText(`Added: ${theirs} → ${after}`);
  await dialog.getByRole('button', { name: 'Save mine on top' }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, theirs, after)).toHaveCount(1);
  await expect(rowOf(page, mine, after)).toHaveCount(1);
  const jobs = (await api.job(after)).depends_on.map((edge) => edge.job_id);
  expect(jobs.toSorted()).toEqual([mine, theirs].toSorted());
});

test('a failure stands beside what it blocks, and its rerun lets it go', async ({ page, api }) => {
  const flag = freshId('flag');
  const file = JSON.stringify(`/tmp/${flag}`);
  const fails = script(`const fs = require('node:fs');
    if (!fs.existsSync(${file})) { fs.writeFileSync(${file}, ''); process.exit(1); }
    fs.rmSync(${file});`);
  const cause = freshId('cause');
  const held = freshId('held');
  await api.createJob(cause, fails);
  await api.createJob(held, script(''), { depends_on: [cause] });
  await api.end((await api.runNow(cause)).run_id);
  const waiting = await api.runNow(held);

  await page.goto(`/mock/graph?focus=${held}`);
  const blockers = page.getByRole('region', { name: 'What blocks what' });
  const item = blockers.getByRole('listitem').filter({ has: page.getByRole('button', { name: cause }) });
  await expect(item.first()).toContainText(held);
  await expect(page.getByRole('group', { name: `${held}: Blocked` })).toBeVisible();
  await item.first().getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByRole('group', { name: `${held}: Succeeded` })).toBeVisible({ timeout: 30_000 });
  expect(await api.end(waiting.run_id)).toBe('succeeded');
  await expect(blockers).not.toContainText(cause);
});

test('an edge is drawn from job to job, and removed by the Delete key', async ({ page, api }) => {
  const [root = '', left = '', right = ''] = await makeJobs(api, 'root', 'left', 'right');
  await api.editJob(left, { depends_on: [root] });
  await api.editJob(right, { depends_on: [root] });
  await page.goto(`/mock/graph?focus=${root}&near=true`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const node = (job: string) => page.locator(`.react-flow__node[data-id="${job}"]`);
  await node(left)
    .locator('.react-flow__handle-right')
    .dragTo(node(right).locator('.react-flow__handle-left'));
  const bar = page.getByRole('region', { name: 'Edit dependencies' });
  await expect(bar).toContainText('1 added');
  await expect(page.getByRole('region', { name: 'Dependency' })).toContainText(`${left} → ${right}`);
  await page.keyboard.press('Delete');
  await expect(bar).toContainText('Nothing counts until you save');

  // What is drawn against the direction is refused, and says why.
  await node(right)
    .locator('.react-flow__handle-right')
    .dragTo(node(root).locator('.react-flow__handle-left'));
  await expect(page.getByRole('alert').filter({ hasText: 'closes a cycle' })).toContainText(
    `${right} → ${root} → ${right}`,
  );
});

test('the keyboard moves from job to job, and the job’s page leads here', async ({ page, api }) => {
  const [before = '', after = ''] = await makeJobs(api, 'before', 'next');
  await api.editJob(after, { depends_on: [before] });
  await page.goto(`/mock/jobs/${after}?tab=dependencies`);
  await expect(page.getByRole('heading', { name: /Waits for or is started by/ })).toBeVisible();
  await expect(
    page.getByText(`${after} waits until the day’s latest run of ${before} has succeeded.`),
  ).toBeVisible();
  await page.getByRole('link', { name: 'Open in the graph' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/graph\\?focus=${after}`));
  const node = page.getByRole('group', { name: `${after}: Not run yet` });
  await node.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`focus=${before}`));
});
