import { callApi } from './support/api.ts';
import { freshId } from './support/scripts.ts';
import { signInAs } from './support/session.ts';
import { expect, test } from './support/test.ts';

test('a key is shown once, works until it is revoked, and its use is seen', async ({ page }) => {
  const name = freshId('crawler');
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByRole('button', { name: 'Create key' }).click();
  await expect(form.getByText('A name is needed.')).toBeVisible();
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: 'The new key' });
  const key = /bk_\S+/.exec(await shown.innerText())?.[0] ?? '';
  expect(key).not.toBe('');
  // A stray Escape would lose it for good.
  await page.keyboard.press('Escape');
  await expect(shown).toBeVisible();
  await shown.getByRole('button', { name: 'I have copied it' }).click();

  const row = page.getByRole('table', { name: 'API keys' }).getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('never used');
  await expect(page.getByText(key)).toHaveCount(0);
  expect((await callApi(key, 'GET', '/api/v1/mock/jobs')).status).toBe(200);
  expect((await callApi(key, 'GET', '/api/v1/real/jobs')).status).toBe(403);
  await page.reload();
  await expect(row).not.toContainText('never used');

  await row.getByRole('button', { name: 'Revoke' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('This cannot be undone.');
  await question.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText(`${name} no longer works.`)).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(await callApi(key, 'GET', '/api/v1/mock/jobs')).toMatchObject({ status: 401 });
});

test('a person is added with a role, signs in, and is locked out; the audit has it all', async ({
  page,
  stranger,
}) => {
  const name = freshId('Ha Neul');
  const email = `${freshId('haneul')}@example.com`;
  const password = 'a night of four markets';
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'New user' }).click();
  const form = page.getByRole('dialog', { name: 'New user' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Email').fill(email);
  await form.getByLabel('Password', { exact: true }).fill('short');
  await form.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Operator' }).click();
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(form.getByText('At least 12 characters.', { exact: true })).toBeVisible();
  await form.getByLabel('Password', { exact: true }).fill(password);
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByText(`${name} can sign in now.`)).toBeVisible();
  const row = page.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: email });
  await expect(row).toContainText('Operator · All scopes');

  const theirs = await signInAs(await stranger(), { name, email, password });
  await theirs.goto('/mock/jobs');
  await expect(theirs.getByRole('link', { name: 'New job' }).first()).toBeVisible();
  await expect(theirs.getByRole('navigation', { name: 'Main' })).not.toContainText('Users');

  await row.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
  await expect(row).toContainText('Disabled');
  await theirs.goto('/mock/runs');
  await expect(theirs).toHaveURL(/\/sign-in/);

  await page.goto('/settings/audit');
  const audit = page.getByRole('table', { name: 'Audit records' });
  await expect(audit.getByRole('row').filter({ hasText: 'Disabled a user' }).first()).toBeVisible();
  await audit.getByRole('row').filter({ hasText: 'Added a user' }).first().click();
  const detail = page.getByRole('dialog');
  await expect(detail).toContainText(email);
  await expect(detail).not.toContainText(password);
});
