import { freshId } from './support/scripts.ts';
import { expect, test } from './support/test.ts';
import { ensureAccount, seedTradersDay, seededDay } from './support/traders.ts';

test('a trader is made in the form: what is wrong is named at its field, and nothing is lost', async ({
  page,
  api,
}) => {
  await ensureAccount(api);
  const id = freshId('trader');
  await page.goto('/mock/traders/new');
  await page.getByRole('button', { name: 'Make trader' }).click();
  await expect(page.getByRole('alert').first()).toContainText('need attention');
  await page.getByLabel('Name', { exact: true }).fill(`Made ${id}`);
  await page.getByLabel('ID', { exact: true }).fill(id);
  await page.getByRole('combobox', { name: 'Account' }).click();
  await page.getByRole('option', { name: /of-traders/ }).click();
  await page.getByRole('radio', { name: /SMA cross/ }).click();
  await page.getByLabel('Fast average', { exact: true }).fill('30');
  await page.getByLabel('Slow average', { exact: true }).fill('10');
  await page.getByRole('button', { name: 'Make trader' }).click();
  await expect(page.getByLabel('Fast average', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Fast average', { exact: true }).fill('5');
  await page.getByLabel('Stop loss', { exact: true }).fill('2.5');
  await page.getByRole('button', { name: 'Make trader' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/traders/${id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Made ${id}`);
  const made = await api.call('GET', `/api/v1/mock/traders/${id}`);
  expect(made).toMatchObject({
    started: false,
    definition: { strategy: 'SmaCross', params: { fast: 5, slow: 10 }, rules: { stop_loss: 0.025 } },
  });

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Take profit', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`/mock/traders/${id}$`));
  expect(await api.call('GET', `/api/v1/mock/traders/${id}`)).toMatchObject({
    version: 2,
    definition: { rules: { take_profit: null } },
  });
});

test('start, stop, halt and resume say what they do and do not do', async ({ page, api }) => {
  await ensureAccount(api);
  const id = freshId('trader');
  const definition = { name: `Asked ${id}`, strategy: 'Rsi' };
  await api.call('POST', '/api/v1/mock/traders', { trader_id: id, account: 'of-traders', definition });
  await page.goto(`/mock/traders/${id}`);
  const dialog = page.getByRole('alertdialog');

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(dialog).toContainText('Stops new entries. Open positions are still managed');
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Halt', exact: true }).click();
  await expect(dialog).toContainText('An open buy is cancelled, an open sell is left to fill');
  await expect(dialog.getByRole('button', { name: 'Halt', exact: true })).toBeDisabled();
  await dialog.getByRole('textbox').fill('Quotes look wrong.');
  await dialog.getByRole('button', { name: 'Halt', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Halted');

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Off');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/mock\/traders$/);
});

test('the list is narrowed by phase, text and strategy, all in the URL, as cards or rows', async ({
  page,
}) => {
  await seedTradersDay();
  await page.goto('/real/traders');
  await expect(page.getByRole('link', { name: '거래대금 돌파 1' })).toBeVisible();
  await page.getByRole('button', { name: /^Halted/ }).click();
  await expect(page).toHaveURL(/phase=HALTED/);
  await expect(page.getByRole('link', { name: 'RSI 되돌림' })).toBeVisible();
  await expect(page.getByRole('link', { name: '거래대금 돌파 1' })).toHaveCount(0);
  await page.getByRole('searchbox').fill('nothing of this name');
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('radio', { name: 'List' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'zone-1' })).toContainText('삼성전자');
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'zone-1' })).toBeVisible();
});

test('several traders are stopped together, each with its outcome', async ({ page, api }) => {
  await ensureAccount(api);
  const ids = [freshId('many'), freshId('many')];
  for (const id of ids) {
    const definition = { name: id, strategy: 'Donchian' };
    await api.call('POST', '/api/v1/mock/traders', { trader_id: id, account: 'of-traders', definition });
    await api.call('POST', `/api/v1/mock/traders/${id}/start`);
  }
  await page.goto('/mock/traders?q=many');
  for (const id of ids) await page.getByRole('checkbox', { name: `Select ${id}` }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Stop', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stop 2 traders' }).click();
  await expect(dialog.getByText('2 of 2 done, 0 refused')).toBeVisible();
  for (const id of ids)
    expect(await api.call('GET', `/api/v1/mock/traders/${id}`)).toMatchObject({ started: false });
});

test('a day is played back step by step by keys, with state, reason and orders of each instant', async ({
  page,
}) => {
  await seedTradersDay();
  await page.goto(`/real/traders/zone-1?day=${seededDay.day}`);
  const scrubber = page.getByRole('slider', { name: 'Time of day' });
  const moment = page.getByRole('complementary').last();
  await expect(page.getByRole('figure', { name: /^Candles of 삼성전자/ })).toBeVisible();
  await scrubber.focus();
  await page.keyboard.press('Home');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^08:30:00 IDLE|^09:0\d:00 /);
  await page.keyboard.press('ArrowRight');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /ENTERING/);
  await expect(moment).toContainText('Buy 42 005930');
  await expect(moment).toContainText('1 open order');
  await page.keyboard.press('ArrowRight');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /HOLDING/);
  await expect(moment).toContainText('삼성전자 42');
  await page.keyboard.press('ArrowRight');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /EXITING/);
  await expect(moment).toContainText('Take profit');
  await page.keyboard.press('ArrowLeft');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /HOLDING/);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(scrubber).toHaveAttribute('aria-valuetext', /EXITING/);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('the candidates of a scan say why each was passed over, and earlier scans are a step away', async ({
  page,
}) => {
  await seedTradersDay();
  await page.goto('/real/traders/zone-1');
  const table = page.getByRole('table', { name: 'Candidates of the scan' });
  await expect(table.getByText('● Chosen')).toBeVisible();
  await expect(table.getByText(/passed over: confidence/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Earlier scan' }).click();
  await expect(table.getByText('● Chosen')).toHaveCount(0);
  await page.getByRole('button', { name: 'Later scan' }).click();
  await expect(table.getByText('● Chosen')).toBeVisible();
});
