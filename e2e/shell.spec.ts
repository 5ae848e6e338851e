import { freshId, script } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const band = { real: 'Orders here move real money.', mock: 'Simulated money on the simulated market.' };

test('the scope is the first thing one sees, and can be changed', async ({ page }) => {
  await page.goto('/real/runs');
  await expect(page.getByRole('banner')).toContainText(band.real);
  await page.getByRole('button', { name: 'Scope: Real. Change scope' }).click();
  await page.getByRole('menuitemradio', { name: 'Mock' }).click();
  await expect(page).toHaveURL(/\/mock\/runs$/);
  await expect(page.getByRole('banner')).toContainText(band.mock);
  await expect(page.getByRole('banner')).not.toContainText(band.real);
  // The start page leads back to the scope last looked at, and instance pages keep it in their navigation.
  await page.goto('/');
  await expect(page).toHaveURL(/\/mock$/);
  await page.goto('/engine');
  await expect(page.getByRole('heading', { level: 1, name: 'Engine' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
  await expect(page).toHaveURL(/\/mock\/jobs$/);
});

test('the palette finds a job', async ({ page, api }) => {
  const jobId = freshId('palette');
  await api.createJob(jobId, script(''), { description: 'found by its description too' });
  await page.goto('/mock/runs');
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox').fill(jobId);
  await expect(palette.getByRole('option', { name: jobId })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/mock/jobs/${jobId}$`));
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('engine');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/engine$/);
});

test('single keys move about, but not while typing', async ({ page }) => {
  await page.goto('/mock/jobs');
  await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('Open the command palette');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox', { name: 'Search id or description' });
  await expect(search).toBeFocused();
  await page.keyboard.type('g r?');
  await expect(search).toHaveValue('g r?');
  await expect(sheet).toHaveCount(0);
  await expect(page).toHaveURL(/\/mock\/jobs/);
  await search.fill('');
  await search.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/\/mock\/runs$/);
});

test('the language follows the browser and is remembered once chosen', async ({ page, browser }) => {
  const korean = await browser.newContext({
    locale: 'ko-KR',
    storageState: await page.context().storageState(),
  });
  const other = await korean.newPage();
  await other.goto('/mock/runs');
  await expect(other.locator('html')).toHaveAttribute('lang', 'ko');
  await korean.close();

  await page.goto('/mock/runs');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitemradio', { name: '한국어' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Runs');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});

test('the theme changes at once and stays', async ({ page }) => {
  await page.goto('/mock/jobs');
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await background()).toBe(dark);
});

test('the keyboard alone skips to the content', async ({ page }) => {
  await page.goto('/mock/jobs');
  await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('on a phone the pages are at the foot, and nothing is wider than the screen', async ({ page, api }) => {
  await api.createJob(freshId('narrow'), script(''));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/mock/jobs');
  const foot = page.getByRole('navigation', { name: 'Main' });
  await foot.getByRole('link', { name: 'Runs' }).click();
  await expect(page).toHaveURL(/\/mock\/runs$/);
  await foot.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Audit' }).click();
  await expect(page).toHaveURL(/\/settings\/audit$/);
  for (const path of ['/mock/jobs', '/mock/jobs/new', '/mock/runs', '/engine', '/settings/users']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const wider = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await wider(), `${path} scrolls sideways`).toBe(0);
  }
});
