import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { candidateFilter, discover } from '#domain/strategies/candidates.ts';
import { alwaysCalendar } from '#domain/time/calendar/calendar.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { readCandles, writeCandles } from './candles.ts';
import { readCrossSection } from './cross-section.ts';
import { findGaps } from './gaps.ts';
import { readInstruments, writeInstruments } from './instruments.ts';
import { candleRow, krxInstrument, quoteRow } from './market.test-kit.ts';
import { readQuotes, writeQuotes } from './quotes.ts';

let database: TestDatabase;
const source = 'simulator:desk';
const minute = 60_000;
/** Monday, the open. */
const open = new Date('2026-11-16T00:00:00Z');
const after = (minutes: number) => new Date(open.getTime() + minutes * minute);
const read = (now: Date, symbols = ['005930'], limit = 500) =>
  readCandles(database.db, { venue: 'KRX', source, symbols, interval: '1m', now, limit });

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  await database.db.execute(sql`truncate candles, quotes, instruments, candle_gaps`);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

describe('candles', () => {
  test('no reader sees what became known later, whatever came when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({ at: fc.nat(60), delay: fc.nat(40), close: fc.integer({ min: 1, max: 900 }) }),
          {
            maxLength: 25,
            selector: ({ at }) => at,
          },
        ),
        fc.integer({ min: -5, max: 110 }),
        fc.integer({ min: 1, max: 30 }),
        async (given, nowAt, limit) => {
          await database.db.execute(sql`truncate candles`);
          const row = ({ at, delay, close }: (typeof given)[number]) =>
            candleRow({
              symbol: '005930',
              start: after(at),
              minutes: 1,
              availableAt: after(at + 1 + delay),
              close,
            });
          await writeCandles(database.db, given.map(row));
          const candles = (await read(after(nowAt), ['005930'], limit)).get('005930');
          const known = given
            .filter(({ at, delay }) => at + 1 + delay <= nowAt)
            .toSorted((a, b) => a.at - b.at)
            .slice(-limit);
          expect([...(candles?.ts ?? [])]).toEqual(known.map(({ at }) => after(at).getTime()));
          expect([...(candles?.close ?? [])]).toEqual(known.map(({ close }) => close));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the same again adds and changes nothing; other figures change', async () => {
    const rows = [1, 2, 3].map((at) =>
      candleRow({ symbol: '005930', start: after(at), minutes: 1, close: 70_000 }),
    );
    expect(await writeCandles(database.db, rows)).toEqual({ added: 3, changed: 0 });
    expect(await writeCandles(database.db, rows)).toEqual({ added: 0, changed: 0 });
    const other = candleRow({ symbol: '005930', start: after(2), minutes: 1, close: 70_100 });
    expect(await writeCandles(database.db, [...rows, other])).toEqual({ added: 0, changed: 1 });
    const candles = (await read(after(9))).get('005930');
    expect([...(candles?.close ?? [])]).toEqual([70_000, 70_100, 70_000]);
    expect(candles?.day[0]).toBe(Math.floor((open.getTime() + 9 * 60 * minute) / 86_400_000));
  });

  test('symbols stay apart and the newest are read', async () => {
    await writeCandles(
      database.db,
      ['000660', '005930'].flatMap((symbol, index) =>
        Array.from({ length: 20 }, (_, at) =>
          candleRow({ symbol, start: after(at), minutes: 1, close: 100 + index }),
        ),
      ),
    );
    const found = await read(after(30), ['005930', '000660', '000000'], 5);
    expect([...found.keys()].toSorted()).toEqual(['000660', '005930']);
    expect(found.get('005930')).toMatchObject({ length: 5 });
    expect([...(found.get('005930')?.ts ?? [])][4]).toBe(after(19).getTime());
    expect([...(found.get('000660')?.close ?? [])]).toEqual([100, 100, 100, 100, 100]);
  });

  test('ten thousand are written in less than a second', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) =>
      candleRow({ symbol: '005930', start: after(at), minutes: 1, close: 70_000 }),
    );
    const started = performance.now();
    expect(await writeCandles(database.db, rows)).toEqual({ added: 10_000, changed: 0 });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('quotes', () => {
  test('the newest is kept, and a late one never turns it back', async () => {
    await writeQuotes(database.db, [
      quoteRow({ symbol: '005930', at: after(2), last: 70_200, bid: 70_100, volume: 5 }),
      quoteRow({ symbol: '000660', at: after(2), last: null }),
    ]);
    await writeQuotes(database.db, [quoteRow({ symbol: '005930', at: after(1), last: 69_000 })]);
    const found = await readQuotes(database.db, 'KRX', source, after(3));
    expect([...found.keys()]).toEqual(['000660', '005930']);
    expect(found.get('005930')).toMatchObject({ at: after(2), availableAt: after(2), askSize: null });
    expect(found.get('005930')?.last?.toFixed()).toBe('70200');
    expect(found.get('005930')?.bid?.toFixed()).toBe('70100');
    expect(found.get('000660')?.last).toBeNull();
    expect((await readQuotes(database.db, 'KRX', source, after(3), ['005930'])).size).toBe(1);
    expect((await readQuotes(database.db, 'KRX', source, after(3), [])).size).toBe(0);
    expect((await readQuotes(database.db, 'KRX', source, after(1))).size).toBe(0);
  });
});

test('instruments come back as they were written', async () => {
  const given = [
    krxInstrument('005930', { base_price: '70000', ticks: [{ from: '0', tick: '5' }] }),
    krxInstrument('069500', { kind: 'etf', state: 'halted' }),
  ];
  await writeInstruments(database.db, source, given, open);
  const found = await readInstruments(database.db, 'KRX', source);
  expect([...found.values()]).toEqual(given);
  await writeInstruments(database.db, source, [krxInstrument('069500')], after(1));
  const again = await readInstruments(database.db, 'KRX', source);
  expect(again.get('069500')?.state).toBe('normal');
  expect(again.get('005930')).toBe(found.get('005930'));
});

test('gaps are what the calendar has and the candles have not, and shrink when they are filled', async () => {
  const calendar = alwaysCalendar('CRYPTO');
  const stretch = {
    venue: 'KRX',
    source,
    symbol: '005930',
    interval: '1m',
    from: after(0),
    to: after(10),
  } as const;
  const write = (...at: number[]) =>
    writeCandles(
      database.db,
      at.map((index) => candleRow({ symbol: '005930', start: after(index), minutes: 1, close: 1 })),
    );
  await write(0, 1, 2, 6, 7, 9);
  const idle = new Map([[after(8).getTime(), { end: after(9), code: 'gap_no_trades' as const }]]);
  expect(await findGaps(database.db, calendar, stretch, idle, after(20))).toEqual([
    { start: after(3), end: after(6), code: 'gap_missing' },
    { start: after(8), end: after(9), code: 'gap_no_trades' },
  ]);
  await write(3, 4, 5);
  await findGaps(database.db, calendar, stretch, idle, after(21));
  const left = await database.db.execute(sql`select code from candle_gaps`);
  expect([...left]).toEqual([{ code: 'gap_no_trades' }]);
});

const daily = (symbol: string, day: number, close: number, more: { open?: number; volume?: number } = {}) =>
  candleRow({ symbol, start: after(day * 1_440), minutes: 390, interval: '1d', close, ...more });
const section = (now: Date, days = 2) => readCrossSection(database.db, { venue: 'KRX', source, now, days });

describe('the market in a section', () => {
  test('of daily candles: days, changes, halted and idle symbols', async () => {
    await writeInstruments(
      database.db,
      source,
      [krxInstrument('000001'), krxInstrument('000002', { market: 'KOSDAQ' }), krxInstrument('000009')],
      open,
    );
    await writeCandles(database.db, [
      daily('000001', 0, 100),
      daily('000001', 1, 110),
      daily('000001', 2, 121, { volume: 7 }),
      daily('000002', 0, 200),
      daily('000002', 1, 200),
      daily('000003', 1, 50),
    ]);
    const stretch = {
      venue: 'KRX',
      source,
      interval: '1d',
      symbol: '000002',
      from: after(2_880),
      to: after(4_000),
    } as const;
    const halted = new Map([[after(2_880).getTime(), { end: after(3_270), code: 'gap_halted' as const }]]);
    await findGaps(database.db, alwaysCalendar('XKRX'), stretch, halted, after(4_000));
    const market = await section(after(5_000));
    expect(market.symbols).toEqual(['000001', '000002', '000003', '000009']);
    expect(market.markets).toEqual(['KOSPI', 'KOSDAQ', '', 'KOSPI']);
    expect(market.days).toBe(2);
    expect([...market.close]).toEqual([110, 200, 50, 0, 121, 200, 0, 0]);
    expect([...market.open].slice(4)).toEqual([121, 0, 0, 0]);
    expect([...market.change].map((change) => Math.round(change * 1_000))).toEqual([
      100, 0, 0, 0, 100, 0, 0, 0,
    ]);
    expect(market.value[4]).toBe(847);
    const found = discover(market, candidateFilter.parse({ price_min: 0, volume_min: 0, value_min: 0 }));
    expect(found.candidates.map(({ symbol }) => symbol)).toEqual(['000001']);
    expect(found.counts).toEqual({ candidate_halted: 1, candidate_not_listed: 2 });
    // A day earlier nothing of the last one was known.
    expect([...(await section(after(2_881))).close]).toEqual([100, 200, 0, 0, 110, 200, 50, 0]);
  });

  test('of a day that runs: the quote, and what its minutes add up to', async () => {
    await writeCandles(database.db, [
      daily('000001', -1, 100),
      candleRow({ symbol: '000001', start: after(0), minutes: 1, open: 101, close: 102, volume: 10 }),
      candleRow({ symbol: '000001', start: after(1), minutes: 1, close: 104, volume: 10 }),
      candleRow({ symbol: '000001', start: after(2), minutes: 1, close: 190, volume: 10 }),
    ]);
    await writeQuotes(database.db, [
      quoteRow({ symbol: '000001', at: after(2), last: 105, volume: 22 }),
      quoteRow({ symbol: '000002', at: after(-1_000), last: 7, volume: 1 }),
    ]);
    const market = await section(after(2));
    expect([market.symbols, market.days]).toEqual([['000001'], 2]);
    expect([market.open[1], market.close[1], market.volume[1]]).toEqual([101, 105, 22]);
    expect(market.value[1]).toBe(10 * 102 + 10 * 104 + 2 * 105);
    expect(market.change[1]).toBeCloseTo(0.05, 12);
  });

  test('of nothing is empty', async () => {
    expect(await section(after(0))).toMatchObject({ symbols: [], days: 0 });
  });
});
