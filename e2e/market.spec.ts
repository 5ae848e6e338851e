import { freshId } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const header = 'date,ticker,open,high,low,close,volume';
const good = [
  '2024-01-02,005930,78200,79800,78200,79600,17142847',
  '2024-01-03,005930,78500,78800,77000,77000,21753644',
  '2024-01-05,005930,76700,77100,76400,76600,11304316',
];
const fileOf = (name: string, lines: readonly string[]) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from([header, ...lines].join('\n')),
});

test('a bad file is refused line by line; corrected it is looked over, imported and found again', async ({
  page,
}) => {
  const name = `${freshId('samsung')}.csv`;
  await page.goto('/market');
  await page.getByRole('button', { name: 'Import candles' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import candles' });
  await expect(dialog.getByRole('button', { name: 'Check file' })).toBeDisabled();

  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles(fileOf(name, [...good, '2024-01-06,005930,1,1,1,1,1']));
  await dialog.getByRole('button', { name: 'Check file' }).click();
  await expect(dialog.getByText('1 bad line of 4: nothing is imported')).toBeVisible();
  const problem = dialog.getByRole('list', { name: 'Bad lines' }).getByRole('listitem');
  await expect(problem).toContainText('Line 5');
  await expect(problem).toContainText('XKRX is closed on 2024-01-06');
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toHaveCount(0);

  await dialog.getByLabel('File', { exact: true }).setInputFiles(fileOf(name, good));
  await expect(problem).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Check file' }).click();
  await expect(dialog.getByText('3 candles are new or other')).toBeVisible();
  await expect(dialog.getByText('005930, 2024-01-02 – 2024-01-05')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${name}: 3 added, 0 changed.`)).toBeVisible();
  await expect(dialog).toBeHidden();

  const source = page
    .getByRole('table', { name: 'Sources of market data' })
    .getByRole('row')
    .filter({ hasText: `import:${name}` });
  await expect(source).toContainText('2024-01-02 – 2024-01-05');
  await expect(source).toContainText('1 gap');
  await expect(page.getByRole('heading', { name: `Instruments of import:${name}` })).toBeVisible();
  const instruments = page.getByRole('table', { name: 'Instruments with their candles and newest quotes' });
  await expect(instruments.getByRole('row').filter({ hasText: '005930' })).toContainText('1d');
  await page.getByRole('searchbox', { name: 'Symbol or name' }).fill('nothing of this');
  await expect(page.getByText('Nothing matches these filters')).toBeVisible();
  await page.getByRole('tab', { name: 'Imported files' }).click();
  const imports = page.getByRole('table', { name: 'Imported candle files' });
  await expect(imports.getByRole('row').filter({ hasText: name })).toContainText('Imported');
});

test('a file that is none is said to be none', async ({ page }) => {
  await page.goto('/market');
  await page.getByRole('button', { name: 'Import candles' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import candles' });
  await dialog
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'book.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004') });
  await dialog.getByRole('button', { name: 'Check file' }).click();
  await expect(dialog.getByRole('alert')).toContainText('save the sheet as CSV');
});
