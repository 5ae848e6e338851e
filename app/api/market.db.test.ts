import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';
import { writeInstruments } from '#db/market/instruments.ts';
import { krxInstrument, quoteRow } from '#db/market/market.test-kit.ts';
import { writeQuotes } from '#db/market/quotes.ts';

let api: TestApi;
let admin: string;
let viewer: string;
const source = 'import:samsung.csv';
const csv = [
  'date,ticker,open,high,low,close,volume',
  '2024-01-02,005930,78200,79800,78200,79600,17142847',
  '2024-01-03,005930,78500,78800,77000,77000,21753644',
  '2024-01-05,005930,76700,77100,76400,76600,11304316',
  '2024-01-05,000660,139400,142900,139000,142400,2147458',
].join('\n');

beforeAll(async () => {
  api = await testApi();
  admin = await api.keyOf({ role: 'admin', scope: '*' });
  viewer = await api.keyOf({ role: 'viewer', scope: 'real' });
});
afterAll(() => api[Symbol.asyncDispose]());

const csvType = { 'content-type': 'text/csv' };
async function send(body: string, query: string, key = admin, headers: Record<string, string> = {}) {
  const response = await api.call('POST', `/api/v1/instance/candle-imports?${query}`, {
    key,
    body,
    headers: { ...csvType, ...headers },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
async function get(path: string, key = viewer) {
  const response = await api.call('GET', `/api/v1/instance/${path}`, { key });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a file is looked at, imported and listed', async () => {
  expect(await send(csv, 'file=samsung.csv&dry_run=true')).toMatchObject({
    status: 200,
    body: { dry_run: true, import_id: null, added: 4, gaps: 1 },
  });
  expect((await get('candle-imports')).body).toMatchObject({ items: [] });
  expect(await send(csv, 'file=samsung.csv')).toMatchObject({ status: 200, body: { added: 4, source } });
  expect(await send(csv, 'file=samsung.csv')).toMatchObject({ body: { added: 0, unchanged: 4 } });
  const { body } = await get('candle-imports?limit=1');
  expect(body).toMatchObject({ items: [{ file: 'samsung.csv', added: 0, first_day: '2024-01-02' }] });
  expect((await get(`candle-imports?cursor=${String(body['next_cursor'])}`)).body).toMatchObject({
    items: [{ added: 4, state: 'done' }],
    next_cursor: null,
  });
});

test('the same request twice is one import, with another file it is refused', async () => {
  const key = { 'idempotency-key': 'once' };
  const first = await send(csv, 'file=samsung.csv', admin, key);
  expect(await send(csv, 'file=samsung.csv', admin, key)).toEqual(first);
  expect(await send(`${csv}\n`, 'file=samsung.csv', admin, key)).toMatchObject({ status: 422 });
});

test('what is stored is read: sources, instruments, candles with gaps', async () => {
  expect((await get('market-sources')).body).toMatchObject({
    sources: [
      {
        venue: 'KRX',
        source,
        instruments: 0,
        newest_quote_at: null,
        series: [{ interval: '1d', symbols: 2, candles: 4, from: '2024-01-02T01:00:00.000Z', gaps: 1 }],
      },
    ],
  });
  const of = `venue=KRX&source=${source}`;
  const page = await get(`instruments?${of}&limit=1`);
  expect(page.body).toMatchObject({
    items: [{ symbol: '000660', name: null, series: [{ interval: '1d', candles: 1, gaps: 0 }] }],
    next_cursor: '000660',
  });
  expect((await get(`instruments?${of}&limit=1&cursor=000660`)).body).toMatchObject({
    items: [{ symbol: '005930', series: [{ candles: 3, gaps: 1 }] }],
    next_cursor: null,
  });
  expect((await get(`instruments?${of}&search=0066`)).body).toMatchObject({ items: [{ symbol: '000660' }] });
  const candles = await get(`candles?${of}&symbol=005930&interval=1d&limit=2`);
  expect(candles.body).toMatchObject({
    candles: [{ close: '77000', volume: '21753644' }, { close: '76600' }],
    gaps: [{ code: 'gap_missing' }],
    more: true,
  });
  expect((await get(`candles?${of}&symbol=005930&interval=1d&from=2024-01-05T00:00:00Z`)).body).toMatchObject(
    {
      candles: [{ open: '76700' }],
      gaps: [],
      more: false,
    },
  );
});

test('a simulated market is for those who see its scope', async () => {
  const { db } = api.database;
  const now = new Date();
  await writeInstruments(db, 'simulator:mock', [krxInstrument('900110', { name: '한빛' })], now);
  await writeQuotes(db, [quoteRow({ symbol: '900110', at: now, last: 70_000, source: 'simulator:mock' })]);
  const of = 'venue=KRX&source=simulator:mock';
  expect((await get(`instruments?${of}&search=한빛`, admin)).body).toMatchObject({
    items: [{ symbol: '900110', name: '한빛', market: 'KOSPI', state: 'normal', series: [] }],
  });
  expect((await get(`quotes?${of}`, admin)).body).toMatchObject({
    quotes: [{ symbol: '900110', last: '70000' }],
  });
  expect((await get('market-sources', admin)).body).toMatchObject({
    sources: [{}, { source: 'simulator:mock', quotes: 1, instruments: 1, series: [] }],
  });
  expect((await get(`quotes?${of}`)).status).toBe(404);
  expect(JSON.stringify((await get('market-sources')).body)).not.toContain('simulator:mock');
});

test('what is wrong is said', async () => {
  expect(await send(csv, 'file=a.csv', viewer)).toMatchObject({ status: 403 });
  expect(await send(csv, 'file=a.csv&interval=7m')).toMatchObject({
    status: 400,
    body: { issues: [{ path: 'interval' }] },
  });
  expect(await send(csv, 'file=a.csv&colour=red')).toMatchObject({ status: 400 });
  expect(await send('PK\u0003\u0004', 'file=a.xlsx')).toMatchObject({
    status: 400,
    body: { code: 'import_zip' },
  });
  const huge = await send(csv, 'file=a.csv', admin, { 'content-length': String(65 * 1_048_576) });
  expect(huge).toMatchObject({ status: 413, body: { params: { max_bytes: 67_108_864 } } });
  expect(await send('date,open\n1,2', 'file=a.csv')).toMatchObject({
    status: 200,
    body: { state: 'refused', problems: [{ code: 'no_header' }] },
  });
  expect(
    await get(
      'candles?venue=KRX&source=x&symbol=1&interval=1d&from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z',
    ),
  ).toMatchObject({
    status: 400,
    body: { issues: [{ path: 'to' }] },
  });
});
