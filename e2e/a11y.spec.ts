import { globSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import type { Api } from './support/api.ts';
import { type SeededDesk, seedDesk } from './support/desk.ts';
import { baseUrl } from './support/env.ts';
import { freshId, script } from './support/scripts.ts';
import { complaintsOf, expect, test } from './support/test.ts';
import { seedTradersDay, seededDay } from './support/traders.ts';

interface Made {
  readonly jobId: string;
  readonly runId: string;
  readonly desk: SeededDesk;
}

/** Where each page of app/ is seen. */
const pages: Readonly<Record<string, (made: Made) => string>> = {
  'sign-in/page.tsx': () => '/sign-in',
  '[scope]/page.tsx': () => '/real',
  '[scope]/traders/page.tsx': () => '/real/traders',
  '[scope]/traders/new/page.tsx': () => '/real/traders/new',
  '[scope]/traders/[trader_id]/page.tsx': () => `/real/traders/zone-1?day=${seededDay.day}`,
  '[scope]/traders/[trader_id]/edit/page.tsx': () => '/real/traders/zone-1/edit',
  '[scope]/jobs/(list)/page.tsx': () => '/mock/jobs',
  '[scope]/jobs/new/page.tsx': () => '/mock/jobs/new',
  '[scope]/jobs/[job_id]/page.tsx': ({ jobId }) => `/mock/jobs/${jobId}`,
  '[scope]/jobs/[job_id]/edit/page.tsx': ({ jobId }) => `/mock/jobs/${jobId}/edit`,
  '[scope]/graph/page.tsx': ({ jobId }) => `/mock/graph?focus=${jobId}`,
  '[scope]/runs/page.tsx': () => '/mock/runs',
  '[scope]/runs/[run_id]/page.tsx': ({ runId }) => `/mock/runs/${runId}`,
  '[scope]/orders/page.tsx': () => '/mock/orders',
  '[scope]/orders/[order_id]/page.tsx': ({ desk }) => `/mock/orders/${desk.unknown}`,
  '[scope]/positions/page.tsx': () => '/mock/positions',
  '[scope]/calendar/page.tsx': () => '/mock/calendar',
  '[scope]/timeline/page.tsx': () => '/mock/timeline',
  '[scope]/locks/page.tsx': () => '/mock/locks',
  '[scope]/pnl/page.tsx': () => '/mock/pnl',
  '[scope]/summaries/page.tsx': () => '/mock/summaries',
  '[scope]/summaries/[date]/page.tsx': () => '/mock/summaries/2026-11-20',
  'engine/page.tsx': () => '/engine',
  'market/page.tsx': () => '/market',
  'settings/account/page.tsx': () => '/settings/account',
  'settings/sign-ins/page.tsx': () => '/settings/sign-ins',
  'settings/users/page.tsx': () => '/settings/users',
  'settings/keys/page.tsx': () => '/settings/keys',
  'settings/audit/page.tsx': () => '/settings/audit',
  'api/docs/page.tsx': () => '/api/docs?q=run-now',
};

/** Pages that only lead to another of the above, here where there is an owner. */
const leads: Readonly<Record<string, string>> = {
  'page.tsx': '/',
  'setup/page.tsx': '/setup',
  'settings/page.tsx': '/settings',
};

/** Views that have no file of their own: tabs, the other scope's colours, and what stands in place of a page. */
const views: Readonly<Record<string, (made: Made) => string>> = {
  'real jobs': () => '/real/jobs',
  'durations of a job': ({ jobId }) => `/mock/jobs/${jobId}?tab=durations`,
  'runs of a job': ({ jobId }) => `/mock/jobs/${jobId}?tab=runs`,
  'dependencies of a job': ({ jobId }) => `/mock/jobs/${jobId}?tab=dependencies`,
  'dependencies as a table': () => '/mock/graph?view=table',
  'versions of a job': ({ jobId }) => `/mock/jobs/${jobId}?tab=versions`,
  'attempts of a run': ({ runId }) => `/mock/runs/${runId}?section=attempts`,
  'history of a run': ({ runId }) => `/mock/runs/${runId}?section=history`,
  'parameters of a run': ({ runId }) => `/mock/runs/${runId}?section=params`,
  'a holiday of the calendar': () => '/mock/calendar?day=2026-09-24',
  'the timeline as a table': () => '/mock/timeline?view=table',
  'profit and loss as a table': () => '/mock/pnl?view=table&by=symbol',
  'profit and loss without accounts': () => '/real/pnl',
  'a day without a session': () => '/mock/summaries/2026-09-24',
  'symbol locks': () => '/mock/locks?tab=symbols&state=all',
  fills: () => '/mock/orders?tab=fills',
  'orders placed elsewhere': () => '/mock/orders?tab=external',
  'the accounts': () => '/mock/positions?tab=accounts',
  'the ledger': () => '/mock/positions?tab=ledger',
  'positions without an account': () => '/real/positions',
  'no order matches': () => '/mock/orders?symbol=999999',
  'idempotency keys': () => '/mock/locks?tab=keys',
  'traders as a list': () => '/real/traders?view=list',
  'a desk without traders': () => '/mock',
  'nothing matches': () => '/mock/runs?job=nothing-of-this-name',
};

/** Pages whose address answers 404: the browser itself notes that as an error. */
const missing: Readonly<Record<string, string>> = {
  'no such page': '/mock/no-such-page',
  'no such job': '/mock/jobs/no-such-job',
  'no such order': '/mock/orders/00000000-0000-7000-8000-000000000000',
  'no such trader': '/mock/traders/no-such-trader',
  'no such run': '/mock/runs/00000000-0000-7000-8000-000000000000',
};

let made: Made;
let prepared = false;

/** One job with two versions, a run that failed and one that succeeded. */
async function prepare(api: Api): Promise<void> {
  if (prepared) return;
  await seedTradersDay();
  const jobId = freshId('accessible');
  const noisy = `console.log('\\u001b[32mgreen\\u001b[0m and plain'); console.error('wrong'); process.exit(1)`;
  await api.createJob(jobId, script(noisy), { description: 'Seen by axe', cron_expr: '0 0 1 1 *' });
  const failed = await api.runNow(jobId);
  await api.end(failed.run_id);
  await api.editJob(jobId, { params: { argv: script('console.log("well")') } });
  await api.end((await api.runNow(jobId)).run_id);
  const after = freshId('after');
  await api.createJob(after, script(''), { depends_on: [jobId] });
  made = { jobId, runId: failed.run_id, desk: await seedDesk() };
  prepared = true;
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** WCAG 2.5.8 leaves out targets that the height of their line of text confines: the line numbers of a log. */
function confined(rule: string, target: string): boolean {
  return rule === 'target-size' && target.startsWith('a[href$="#L');
}

async function violationsOf(page: Page, axe = new AxeBuilder({ page }).withTags(tags)): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ target }) => !confined(id, target.join(' ')))
      .map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

function prefer(context: BrowserContext, cookies: Readonly<Record<string, string>>): Promise<void> {
  return context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: baseUrl })));
}

/** Opens a page and waits until its data stands. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** Looks at the page that is open in the dark, then at what the light changes: its colours. */
async function checkLooks(page: Page, name: string): Promise<void> {
  const show = (theme: string) =>
    page.locator('html').evaluate((html, value) => (html.dataset['theme'] = value), theme);
  // Colours half way from one theme to the other are nobody's.
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
  await show('dark');
  expect.soft(await violationsOf(page), `${name}, dark`).toEqual([]);
  await show('light');
  const colours = new AxeBuilder({ page }).withRules(['color-contrast']);
  expect.soft(await violationsOf(page, colours), `${name}, light`).toEqual([]);
}

test('every page of the application is looked at here', () => {
  const files = globSync('**/page.tsx', { cwd: join(import.meta.dirname, '../app') });
  expect(Object.keys({ ...pages, ...leads }).toSorted()).toEqual(files.toSorted());
});

test('pages that lead elsewhere lead to a page that stands', async ({ page }) => {
  const complaints = await complaintsOf(page);
  for (const path of Object.values(leads)) {
    await open(page, path);
    expect(new URL(page.url()).pathname).not.toBe(path);
  }
  expect(complaints).toEqual([]);
});

for (const [name, pathOf] of Object.entries(pages)) {
  test(`${name} serves everybody, and the browser has no complaint`, async ({ page: own, api, stranger }) => {
    await prepare(api);
    const page = name.startsWith('sign-in') ? await stranger() : own;
    const complaints = await complaintsOf(page);
    const path = pathOf(made);
    for (const locale of ['en', 'ko']) {
      await prefer(page.context(), { bk_locale: locale });
      await open(page, path);
      await checkLooks(page, `${path}, ${locale}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, path);
    expect.soft(await violationsOf(page), `${path}, ko, phone`).toEqual([]);
    expect(complaints).toEqual([]);
  });
}

for (const [name, pathOf] of Object.entries(views)) {
  test(`${name}: this view of a page serves everybody`, async ({ page, api }) => {
    await prepare(api);
    const complaints = await complaintsOf(page);
    await open(page, pathOf(made));
    await checkLooks(page, name);
    expect(complaints).toEqual([]);
  });
}

for (const [name, path] of Object.entries(missing)) {
  test(`${name}: what stands in its place serves everybody`, async ({ page }) => {
    const complaints = await complaintsOf(page);
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    await checkLooks(page, path);
    expect(complaints.filter((text) => !text.includes('status of 404'))).toEqual([]);
  });
}

const layers: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the palette': async (page) => {
    await open(page, '/mock/runs');
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  },
  'the sheet of shortcuts': async (page) => {
    await open(page, '/mock/runs');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  },
  'the question before a run by hand': async (page) => {
    await open(page, `/mock/jobs/${made.jobId}`);
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'the question before a job is deleted': async (page) => {
    await open(page, `/mock/jobs/${made.jobId}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
  },
  'dependencies being edited': async (page) => {
    await open(page, '/mock/graph');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Add dependency' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'the question before an unknown order is adopted': async (page) => {
    await open(page, '/mock/orders');
    await page.getByRole('button', { name: `Adopt: ${made.desk.candidates[0]}` }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
  },
  'the question before a trader is halted': async (page) => {
    await open(page, '/real/traders/zone-1');
    await page.getByRole('button', { name: 'Halt', exact: true }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
  },
  'a trader that is wrong': async (page) => {
    await open(page, '/real/traders/new');
    await page.getByRole('button', { name: 'Make trader' }).click();
    await expect(page.getByRole('alert').first()).toBeVisible();
  },
  'the kill switch': async (page) => {
    await open(page, '/mock/runs');
    await page.getByRole('button', { name: /^Kill switch/ }).click();
    await expect(page.getByRole('button', { name: 'Flatten…' })).toBeVisible();
  },
  'the question before real money is flattened': async (page) => {
    await open(page, '/real/runs');
    await page.getByRole('button', { name: /^Kill switch/ }).click();
    await page.getByRole('button', { name: 'Flatten…' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
  },
  'the menu of a job': async (page) => {
    await open(page, '/mock/jobs');
    await page.getByRole('button', { name: `Actions for ${made.jobId}` }).click();
    await expect(page.getByRole('menu')).toBeVisible();
  },
  'selected jobs': async (page) => {
    await open(page, '/mock/jobs');
    await page.getByRole('checkbox', { name: `Select ${made.jobId}` }).click();
    await expect(page.getByRole('toolbar')).toBeVisible();
  },
  'the editor with everything open and wrong': async (page) => {
    await open(page, '/mock/jobs/new');
    await page.getByRole('button', { name: 'Change these' }).click();
    await page.getByRole('button', { name: 'Create job' }).click();
    await expect(page.getByRole('alert').first()).toBeVisible();
  },
  'a rerun with other parameters': async (page) => {
    await open(page, `/mock/runs/${made.runId}`);
    await page.getByRole('button', { name: 'Run again' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'a day of the calendar to be changed': async (page) => {
    await open(page, '/mock/calendar?day=2027-03-03');
    await page.getByRole('button', { name: 'Change this day' }).click();
    await expect(page.getByText(/is moved|are moved/)).toBeVisible();
  },
  'a new calendar': async (page) => {
    await open(page, '/mock/calendar');
    await page.getByRole('button', { name: 'New calendar' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'a new key': async (page) => {
    await open(page, '/settings/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'a record of the audit': async (page) => {
    await open(page, '/settings/audit');
    await page.getByRole('row').nth(1).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
};

for (const [name, show] of Object.entries(layers)) {
  test(`${name} serves everybody`, async ({ page, api }) => {
    await prepare(api);
    const complaints = await complaintsOf(page);
    await show(page);
    await checkLooks(page, name);
    expect(complaints).toEqual([]);
  });
}
