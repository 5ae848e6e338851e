import { seedDesk } from './support/desk.ts';
import { expect, test } from './support/test.ts';

test('what is held stands with its result, its levels and the broker’s word', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/positions');
  const table = page.getByRole('table', { name: 'Positions of 모의 계좌' });
  const row = table
    .getByRole('row')
    .filter({ hasText: /[+-]\d+\.\d\d%/ })
    .first();
  await expect(row.getByText(/^[+-][\d,]+$/).first()).toBeVisible();
  await expect(row.getByText(/^[+-]\d+\.\d\d%$/)).toBeVisible();
  await expect(page.getByText('Equity').first()).toBeVisible();
});

test('an account says who sends for it and takes a deposit into its book', async ({ page }) => {
  await seedDesk();
  await page.goto('/mock/positions?tab=accounts');
  const card = page.getByRole('article', { name: 'By hand' });
  await expect(card.getByText('No process sends for this account.')).toBeVisible();
  await card.getByRole('button', { name: 'Deposit' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByText('No money is moved.')).toBeVisible();
  await dialog.getByRole('textbox', { name: /Amount/ }).fill('-5');
  await expect(dialog.getByText('An amount above zero, in digits.')).toBeVisible();
  await dialog.getByRole('textbox', { name: /Amount/ }).fill('1,234,567');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('Seen on the statement.');
  await dialog.getByRole('button', { name: 'Deposit' }).click();
  await expect(page.getByText('Booked for By hand.')).toBeVisible();

  await page.getByRole('tab', { name: 'Ledger' }).click();
  await page.getByRole('combobox', { name: 'Kind of entry' }).click();
  await page.getByRole('option', { name: 'Deposit' }).click();
  await expect(page).toHaveURL(/kind=deposit/);
  await expect(page.getByText('+1,234,567').first()).toBeVisible();
});

test('the switch of one account is thrown from its row', async ({ page, api }) => {
  await seedDesk();
  await page.goto('/mock/positions?tab=accounts');
  const card = page.getByRole('article', { name: 'By hand' });
  await card.getByRole('button', { name: /^Kill switch of by-hand/ }).click();
  await page.getByRole('menuitem', { name: 'Stop entries' }).click();
  await expect(page.getByRole('button', { name: 'Kill switch: 1 stopped' })).toBeVisible();
  await api.call('POST', '/api/v1/mock/kill-switch', {
    level: 'account',
    subject: 'by-hand',
    action: 'resume',
  });
  await expect(page.getByRole('button', { name: 'Kill switch: Trading' })).toBeVisible();
});
