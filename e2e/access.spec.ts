import { callApi } from './support/api.ts';
import { owner } from './support/env.ts';
import { freshId, script } from './support/scripts.ts';
import { createKey, createPerson, fillSignIn, ownerSession, signInAs } from './support/session.ts';
import { expect, test } from './support/test.ts';

test('a wrong password is refused with a message, the right one leads on', async ({ stranger }) => {
  const page = await stranger();
  await page.goto('/sign-in');
  await fillSignIn(page, { ...owner, password: 'certainly not this one' });
  await expect(page.getByRole('alert').getByText('Email and password do not match')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in$/);
  await fillSignIn(page, owner);
  await expect(page.getByRole('heading', { level: 1, name: 'Desk' })).toBeVisible();
});

test('a page asked for without a sign-in comes after it', async ({ stranger }) => {
  const page = await stranger();
  await page.goto('/mock/runs?tab=failed');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillSignIn(page, owner);
  await expect(page).toHaveURL(/\/mock\/runs\?tab=failed$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible();
});

test('the page asked for is one of ours, whatever the address says', async ({ stranger }) => {
  const page = await stranger();
  await page.goto('/sign-in?next=https://example.com/');
  await fillSignIn(page, owner);
  await expect(page.getByRole('heading', { level: 1, name: 'Desk' })).toBeVisible();
});

test('signing out ends the sign-in, not only the page', async ({ stranger }) => {
  const person = await createPerson('Sun Out', [{ role: 'viewer', scope: '*' }]);
  const page = await signInAs(await stranger(), person);
  const cookies = await page.context().cookies();
  await page.getByRole('button', { name: `Account: ${person.name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().addCookies(cookies);
  await page.goto('/mock/jobs');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a viewer is offered nothing that changes something, and the API refuses it', async ({
  stranger,
  api,
}) => {
  const jobId = freshId('looked-at');
  await api.createJob(jobId, script('console.log("seen")'));
  const run = await api.runNow(jobId);
  await api.end(run.run_id);
  const person = await createPerson('Vi Ewer', [{ role: 'viewer', scope: 'mock' }]);
  const page = await signInAs(await stranger(), person);

  await page.goto(`/mock/jobs/${jobId}`);
  await expect(page.getByRole('heading', { level: 1, name: jobId })).toBeVisible();
  for (const name of ['Run now', 'Pause', 'Delete'])
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Edit', exact: true })).toHaveCount(0);
  await page.goto('/mock/jobs');
  await expect(page.getByRole('link', { name: jobId })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New job' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Actions for ${jobId}` })).toHaveCount(0);
  await page.goto(`/mock/runs/${run.run_id}`);
  await expect(page.getByRole('tab', { name: 'Log' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run again' })).toHaveCount(0);

  await page.goto(`/mock/jobs/${jobId}/edit`);
  await expect(page.getByText('You may not see this')).toBeVisible();
  await page.goto('/settings/users');
  await expect(page.getByText('You may not see this')).toBeVisible();
  // A scope in which one holds nothing is not admitted to exist.
  await page.goto('/real/jobs');
  await expect(page.getByText('Nothing here')).toBeVisible();
});

test('a key is good for its roles and scopes only', async ({ api }) => {
  const jobId = freshId('guarded');
  await api.createJob(jobId, script(''));
  const session = await ownerSession();
  const { key } = await createKey(session, freshId('reader'), [{ role: 'viewer', scope: 'mock' }]);
  await session.dispose();
  expect((await callApi(key, 'GET', `/api/v1/mock/jobs/${jobId}`)).status).toBe(200);
  expect(await callApi(key, 'POST', `/api/v1/mock/jobs/${jobId}/pause`, {})).toMatchObject({
    status: 403,
    body: { code: 'forbidden', params: { permission: 'jobs.run' } },
  });
  expect((await callApi(key, 'GET', '/api/v1/real/jobs')).status).toBe(403);
  expect((await callApi('bk_nonsense', 'GET', '/api/v1/mock/jobs')).status).toBe(401);
});

test('a set-up link does nothing once there is an owner', async ({ stranger }) => {
  const page = await stranger();
  await page.goto('/setup#token=0123456789abcdef0123456789abcdef');
  await expect(page).toHaveURL(/\/sign-in/);
  const answer = await page.request.post('/api/auth/setup', {
    headers: { origin: new URL(page.url()).origin },
    data: {
      token: '0123456789abcdef0123456789abcdef',
      name: 'Second',
      email: 'second@example.com',
      password: 'four unrelated words',
    },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.json()).toMatchObject({ code: 'owner_exists' });
});

test('a sign-in can be ended from another one', async ({ stranger }) => {
  const person = await createPerson('Re Voked', [{ role: 'viewer', scope: '*' }]);
  const desk = await signInAs(await stranger(), person);
  const phone = await signInAs(await stranger(), person);
  await desk.goto('/settings/sign-ins');
  const rows = desk.getByRole('table', { name: 'Sign-ins' }).getByRole('row');
  await expect(rows.filter({ hasText: 'This one' })).toHaveCount(1);
  await rows.getByRole('button', { name: 'End' }).click();
  await expect(desk.getByText('Sign-in ended.')).toBeVisible();
  await expect(rows.getByRole('button', { name: 'End' })).toHaveCount(0);

  await phone.goto('/settings/account');
  await expect(phone).toHaveURL(/\/sign-in/);
  await desk.reload();
  await expect(desk.getByRole('heading', { level: 1, name: 'Sign-ins' })).toBeVisible();
});
