import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { perform } from '#db/core/operation.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { importCandles } from './operation.ts';

let database: TestDatabase;
const admin: Actor = { kind: 'user', id: 'u1', name: 'Kim', grants: [{ role: 'admin', scope: '*' }] };
const dealer: Actor = { kind: 'user', id: 'u2', name: 'Lee', grants: [{ role: 'dealer', scope: '*' }] };

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  await database.db.execute(sql`truncate candles, candle_gaps, candle_imports`);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const header = 'date,ticker,open,high,low,close,volume';
const good = [
  '2024-01-02,005930,78200,79800,78200,79600,17142847',
  '2024-01-03,005930,78500,78800,77000,77000,21753644',
  '2024-01-05,005930,76700,77100,76400,76600,11304316',
  '2024-01-02,000660,139400,142900,139000,142400,2147458',
  '2024-01-03,000660,0,0,0,142400,0',
];
const bytesOf = (...lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'));
const run = (bytes: Uint8Array, more: object = {}, actor = admin) =>
  perform(database.db, actor, importCandles, null, { file: 'krx.csv', ...more, bytes });
const stored = async (source = 'import:krx.csv') => [
  ...(await database.db.execute(sql`
    select symbol, start, "end", available_at, open, high, low, close, volume, value, adjusted from candles
    where source = ${source} order by symbol, start`)),
];
const problem = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error('not refused', { cause: error });
  return error;
};

/** The same rows as a Parquet file with dates, whole numbers and decimals of their own types. */
function parquet(lines: readonly string[], codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY'): Uint8Array {
  const rows = lines.map((line) => line.split(','));
  const column = (index: number) => rows.map((row) => row[index] ?? '');
  const price = (name: string, index: number) => ({
    name,
    data: column(index).map((text) => BigInt(text) * 100n),
  });
  return new Uint8Array(
    parquetWriteBuffer({
      codec,
      rowGroupSize: 2,
      columnData: [
        { name: 'date', data: column(0).map((text) => Date.parse(text) / 86_400_000) },
        { name: 'ticker', data: column(1) },
        price('open', 2),
        price('high', 3),
        price('low', 4),
        price('close', 5),
        { name: 'volume', data: column(6).map(Number) },
      ],
      schema: [
        { name: 'root', num_children: 7 },
        { name: 'date', type: 'INT32', converted_type: 'DATE', repetition_type: 'REQUIRED' },
        { name: 'ticker', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        ...['open', 'high', 'low', 'close'].map((name) => ({
          name,
          type: 'INT64' as const,
          converted_type: 'DECIMAL' as const,
          repetition_type: 'OPTIONAL' as const,
          precision: 18,
          scale: 2,
        })),
        { name: 'volume', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      ],
    }),
  );
}

/** A file of some KiB that unpacks to more than is taken. */
function bomb(): Uint8Array {
  const member = gzipSync(Buffer.alloc(32 * 1_048_576), { level: 1 });
  return Buffer.concat(Array.from({ length: 17 }, () => member));
}

describe('an import', () => {
  test('keeps candles, gaps and who brought them in; again it adds and changes nothing', async () => {
    const first = await run(bytesOf(header, ...good));
    expect(first).toMatchObject({
      state: 'done',
      format: 'csv',
      rows: 5,
      candles: 4,
      idle: 1,
      added: 4,
      changed: 0,
      unchanged: 0,
      refused: 0,
      gaps: 2,
      first_day: '2024-01-02',
      last_day: '2024-01-05',
      symbol_count: 2,
      problems: [],
    });
    const before = await stored();
    expect(before).toHaveLength(4);
    expect(await run(bytesOf(header, ...good))).toMatchObject({ added: 0, changed: 0, unchanged: 4 });
    expect(await stored()).toEqual(before);
    const gaps = await database.db.execute(sql`
      select symbol, code, (start at time zone 'Asia/Seoul')::date::text as day from candle_gaps order by symbol`);
    expect([...gaps]).toEqual([
      { symbol: '000660', code: 'gap_halted', day: '2024-01-03' },
      { symbol: '005930', code: 'gap_missing', day: '2024-01-04' },
    ]);
    const [kept] = await database.db.execute(sql`
      select count(*)::int as imports, min(actor_name) as actor from candle_imports`);
    expect(kept).toEqual({ imports: 2, actor: 'Kim' });
  });

  test('of other figures changes those, and a dry run only says so', async () => {
    await run(bytesOf(header, ...good));
    const corrected = bytesOf(header, ...good.with(1, '2024-01-03,005930,78500,78800,77000,77100,21753644'));
    expect(await run(corrected, { dry_run: 'true' })).toMatchObject({
      import_id: null,
      added: 0,
      changed: 1,
      unchanged: 3,
    });
    expect((await stored()).map(({ close }) => close)).toContain('77000');
    expect(await run(corrected)).toMatchObject({ added: 0, changed: 1 });
    expect((await stored()).map(({ close }) => close)).toContain('77100');
  });

  test('gives the same candles from CSV, gzip, Korean Windows and Parquet', async () => {
    await run(bytesOf(header, ...good));
    const expected = await stored();
    for (const [name, bytes] of [
      ['gzip', gzipSync(bytesOf(header, ...good))],
      ['parquet', parquet(good)],
      ['plain-parquet', parquet(good, 'UNCOMPRESSED')],
      [
        'cp949',
        Buffer.concat([
          // 일자
          Buffer.from([0xc0, 0xcf, 0xc0, 0xda]),
          Buffer.from(`,ticker,open,high,low,close,volume\n${good.join('\n')}`),
        ]),
      ],
    ] as const) {
      const answer = await run(bytes, { source: `import:${name}` });
      expect(answer, name).toMatchObject({ state: 'done', added: 4, idle: 1, gaps: 2 });
      expect(await stored(`import:${name}`), name).toEqual(expected);
    }
  });

  test.each([
    ['CSV', (lines: readonly string[]) => bytesOf(header, ...lines), 'line', 1],
    ['Parquet', parquet, 'row', 0],
  ])('of a bad %s file writes nothing and names each line', async (_name, make, unit, shift) => {
    const bad = [
      ...good,
      '2024-01-06,005930,1,1,1,1,1',
      '2024-01-08,005930,76500,76400,76400,76500,5',
      '2024-01-03,005930,78500,78800,77000,77000,21753644',
    ];
    const answer = await run(make(bad));
    expect(answer).toMatchObject({ state: 'refused', refused: 3, added: 0, changed: 0, gaps: 0 });
    expect(answer.problems.map(({ line, column, code }) => [line - shift, column, code])).toEqual([
      [6, 'date', 'closed_day'],
      [7, 'high', 'high_too_low'],
      [8, 'date', 'out_of_order'],
    ]);
    expect(answer.problems[2]?.message).toContain(`comes after ${unit} `);
    expect(answer.problems[1]?.message).toMatch(new RegExp(`^${unit} ${7 + shift}: high "76400" is below`));
    expect(await stored()).toEqual([]);
    const skipped = await run(make(bad), { skip_bad_lines: 'true' });
    expect(skipped).toMatchObject({ state: 'done', added: 4, refused: 3 });
    const states = await database.db.execute(sql`select state, refused from candle_imports order by at`);
    expect([...states]).toEqual([
      { state: 'refused', refused: 3 },
      { state: 'done', refused: 3 },
    ]);
  });

  test.each([
    ['nothing', bytesOf(''), 'no_header'],
    ['a header alone', bytesOf(header), 'no_rows'],
    ['prose', bytesOf('Dear desk,', 'here are the prices.'), 'no_header'],
    ['no volume', bytesOf('date,ticker,open,high,low,close', '2024-01-02,005930,1,1,1,1'), 'columns_missing'],
    ['spreadsheet formulas', bytesOf(header, '=cmd|calc,005930,1,1,1,1,1'), 'time_form'],
  ])('of %s is refused with its reason', async (_name, bytes, code) => {
    const answer = await run(bytes);
    expect(answer).toMatchObject({ state: 'refused', problems: [{ code }] });
    expect(answer.problems).toHaveLength(1);
  });

  test.each([
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'import_zip', 400],
    ['a broken Parquet file', Buffer.from('PAR1 and so on PAR1'), 'import_not_parquet', 400],
    ['half a Parquet file', parquet(good).subarray(0, 300), 'import_not_parquet', 400],
    ['half a gzip file', gzipSync(bytesOf(header, ...good)).subarray(0, 60), 'import_bad_gzip', 400],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), 'import_not_text', 400],
    ['a gzip bomb', bomb(), 'import_unpacked_large', 413],
    ['a huge file', new Uint8Array(64 * 1_048_576 + 1), 'import_file_large', 413],
  ])('of %s is a problem', async (_name, bytes, code, status) => {
    expect(await problem(run(bytes))).toMatchObject({ code, status });
  });

  test('is for those who manage the instance, and never writes into a simulated market', async () => {
    expect(await problem(run(bytesOf(header, ...good), {}, dealer))).toMatchObject({ status: 403 });
    expect(await problem(run(bytesOf(header, ...good), { source: 'simulator:mock' }))).toMatchObject({
      status: 400,
      issues: [{ path: ['source'], code: 'source_simulated' }],
    });
    expect(await problem(run(bytesOf(header, ...good), { columns: 'strat=date' }))).toMatchObject({
      status: 400,
      issues: [{ path: ['columns'] }],
    });
  });
});
