import { controlsView } from '#domain/accounts/control.ts';
import type { Api } from './support/api.ts';
import { owner } from './support/env.ts';
import { expect, test } from './support/test.ts';

async function stateOf(api: Api, scope: string) {
  return controlsView.parse(await api.call('GET', `/api/v1/${scope}/kill-switch`)).scope;
}

test.afterEach(async ({ api }) => {
  await api.call('POST', '/api/v1/mock/kill-switch', { action: 'resume' });
});

test('one press stops entries, from any page, and says what stands since when', async ({ page, api }) => {
  await page.goto('/mock/jobs');
  await page.getByRole('banner').getByRole('button', { name: 'Stop entries' }).click();
  await expect(page.getByRole('button', { name: /^Kill switch: Entries stopped/ })).toBeVisible();
  expect((await stateOf(api, 'mock')).mode).toBe('entries_stopped');
  await page.getByRole('button', { name: /^Kill switch/ }).click();
  await expect(page.getByText('Open positions are still managed', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Kill switch: Trading' })).toBeVisible();
  expect((await stateOf(api, 'mock')).mode).toBe('running');
});

test('the keyboard and the palette reach it', async ({ page, api }) => {
  await page.goto('/mock/runs');
  await expect(page.getByRole('button', { name: 'Kill switch: Trading' })).toBeVisible();
  await page.keyboard.press('s');
  await page.keyboard.press('e');
  await expect.poll(async () => (await stateOf(api, 'mock')).mode).toBe('entries_stopped');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Command palette' }).fill('flatten');
  await page.getByRole('option', { name: 'Flatten' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('sells everything that can be sold');
  await page.getByRole('button', { name: 'Back' }).click();
  expect((await stateOf(api, 'mock')).flatten).toBe(false);
});

test('with real money a flatten asks why, for the scope by name and for the password', async ({
  page,
  api,
}) => {
  await page.goto('/real/jobs');
  await page.getByRole('button', { name: /^Kill switch/ }).click();
  await page.getByRole('button', { name: 'Flatten…' }).click();
  const dialog = page.getByRole('alertdialog');
  const verb = dialog.getByRole('button', { name: 'Flatten' });
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('A drill.');
  await dialog.getByLabel(/^Password of/).fill(`not ${owner.password}`);
  await expect(verb).toBeDisabled();
  await dialog.getByRole('textbox', { name: /real/ }).fill('real');
  await verb.click();
  await expect(dialog.getByRole('alert')).toContainText('not your current password');
  expect((await stateOf(api, 'real')).mode).toBe('running');
});

test('on a phone it is one press too, and the bar holds everything', async ({ page, api }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/mock/runs');
  const stop = page.getByRole('banner').getByRole('button', { name: 'Stop entries' });
  const box = await stop.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  const account = await page.getByRole('button', { name: /^Account/ }).boundingBox();
  expect((account?.x ?? 999) + (account?.width ?? 0)).toBeLessThanOrEqual(390);
  await stop.click();
  await expect(page.getByRole('button', { name: /^Kill switch: Entries stopped/ })).toBeVisible();
  expect((await stateOf(api, 'mock')).mode).toBe('entries_stopped');
});
