import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { type CandleFileOptions, type CandleLine, candleReader } from './candle-file.ts';
import { candleProblemCodes } from './candle-problem.ts';
import { candle } from './candle.ts';
import { readStamp } from './candle-time.ts';
import { readNumber } from './candle-number.ts';
import { bareLine, splitLine } from './csv-line.ts';

const krx = builtinCalendar('XKRX');
const at = (text: string) => new Date(`${text}+09:00`);
const daily: CandleFileOptions = {
  venue: 'KRX',
  calendar: krx,
  interval: '1d',
  zone: 'Asia/Seoul',
  stamp: 'start',
  symbol: '005930',
  now: at('2026-11-28T00:00'),
};
const hourly: CandleFileOptions = { ...daily, interval: '1h' };
const header = 'date,open,high,low,close,volume';

function readAll(lines: readonly string[], options: CandleFileOptions = daily) {
  const reader = candleReader(options);
  const results = lines.map((line) => reader.read(line));
  return { results, end: reader.end() };
}
const problems = (results: readonly CandleLine[]) =>
  results.flatMap((result) => (result.kind === 'refused' ? result.problems : []));
const messages = (rows: readonly string[], options: CandleFileOptions = daily, head = header) =>
  problems(readAll([head, ...rows], options).results).map(({ message }) => message);
const candles = (results: readonly CandleLine[]) =>
  results.flatMap((result) => (result.kind === 'candle' ? [result.candle] : []));

const flat = (date: string) => `${date},1,1,1,1,1`;
const starts = (rows: readonly string[], options: CandleFileOptions = hourly, head = header) =>
  candles(readAll([head, ...rows], options).results).map(({ start }) => start.toISOString());

describe('a candle file', () => {
  it.each([
    ['English', [header, '2026-11-23,70000,71000,69500,70500,1234567']],
    [
      'Korean, from Windows',
      [
        '\uFEFF일자,종가,시가,고가,저가,거래량\r\n',
        '2026/11/23,"70,500","70,000","71,000","69,500","1,234,567"\r\n',
      ],
    ],
    [
      'with units, tabs',
      [
        '날짜\t시가(원)\t고가(원)\t저가(원)\t종가(원)\t거래량(주)',
        '2026. 11. 23.\t70000\t71000\t69500\t70500\t1,234,567',
      ],
    ],
    [
      'a vendor line first',
      [
        'https://example.com',
        '',
        'Date;Open;High;Low;Close;Volume',
        '20261123;70000.0;7.1e4;69500;70500;1234567',
      ],
    ],
    [
      "the broker's names",
      [
        'stck_bsop_date,stck_oprc,stck_hgpr,stck_lwpr,stck_clpr,acml_vol',
        '20261123,70000,71000,69500,70500,1234567',
      ],
    ],
    ['Korean dates', ['날짜,시가,고가,저가,종가,거래량', '2026년 11월 23일,70000,71000,69500,70500,1234567']],
  ])('is read: %s', (_name, lines) => {
    const [found] = candles(readAll(lines).results);
    expect(found).toMatchObject({ symbol: '005930', day: '2026-11-23', start: at('2026-11-23T09:00') });
    expect(found?.available_at).toEqual(at('2026-11-23T15:30'));
    const texts = [found?.open, found?.high, found?.low, found?.close, found?.volume].map((value) =>
      value?.toFixed(),
    );
    expect(texts).toEqual(['70000', '71000', '69500', '70500', '1234567']);
  });

  it('of a whole market has its symbols in it', () => {
    const rows = [
      '일자,종목코드,시가,고가,저가,종가,거래량',
      '2026-11-23,A005930,1,2,1,2,3',
      '2026-11-23,0001A0,1,2,1,2,3',
      '2026-11-23,5930,1,2,1,2,3',
    ];
    const { results } = readAll(rows, { ...daily, symbol: null });
    expect(candles(results).map(({ symbol }) => symbol)).toEqual(['005930', '0001A0']);
    expect(problems(results)[0]?.message).toBe(
      'line 4: 종목코드 "5930" is no symbol of KRX: six characters, such as 005930',
    );
  });

  it('that mixes symbols is not taken for one', () => {
    const found = messages(['X,2026-11-23,1,1,1,1,1', 'Y,2026-11-24,1,1,1,1,1'], daily, `symbol,${header}`);
    expect(found).toEqual([
      'line 3: symbol "Y" is not X, whose candles these are: import the symbols apart, or without naming one',
    ]);
  });
});

describe('a line that is wrong names line, field, value and the way out', () => {
  it.each([
    [
      '2026-11-23,70000,69900,69500,70500,1',
      'line 2: high "69900" is below close, 70500: the high is the highest of the four prices',
    ],
    [
      '2026-11-23,70000,71000,70100,70500,1',
      'line 2: low "70100" is above open, 70000: the low is the lowest of the four prices',
    ],
    [
      '2026-11-23,70000,71000,69500,70500,-1',
      'line 2: volume "-1" is below zero: correct it or delete the line',
    ],
    [
      '2026-11-23,NaN,71000,69500,70500,1',
      'line 2: open "NaN" is no number: write digits, such as 70100 or 0.00051',
    ],
    ['2026-11-23,70000,71000,69500,,1', 'line 2: close is empty: fill it in or delete the line'],
    [
      '2026-11-23,"70,00",71000,69500,70500,1',
      'line 2: open "70,00" has its commas in odd places: write 1,234,567 or 1234567, and "." before decimals',
    ],
    [
      '2026-11-23,70,000,71,000,69,500',
      'line 2: "2026-11-23,70,000,71,000,69,500": 7 fields under 6 columns: put numbers with thousands separators in quotes',
    ],
    [
      '2026-11-23,0,71000,69500,70500,1',
      'line 2: open "0": a price is above zero: correct it or delete the line',
    ],
    [
      '2026-11-23,70000,71000,69500,70500,0',
      'line 2: volume "0" is zero although the price moved: correct it or delete the line',
    ],
    [
      '23/11/2026,70000,71000,69500,70500,1',
      'line 2: date "23/11/2026" is no date that is read: write 2026-11-23 or 2026-11-23 09:00',
    ],
    [
      '2026-02-30,70000,71000,69500,70500,1',
      'line 2: date "2026-02-30" is no date that is read: write 2026-11-23 or 2026-11-23 09:00',
    ],
    [
      '2026-09-25,70000,71000,69500,70500,1',
      'line 2: date "2026-09-25": XKRX is closed on 2026-09-25 (Chuseok): delete the line, or correct the calendar',
    ],
    [
      '2026-11-30,70000,71000,69500,70500,1',
      'line 2: date "2026-11-30": this candle is not over yet: import it after 2026-11-30 15:30',
    ],
    [
      '"2026-11-23,70000,71000,69500,70500,1',
      'line 2: ""2026-11-23,70000,71000,69500,70500,1": a quote is not closed: end the field with " on the same line',
    ],
  ])('%s', (row, message) => expect(messages([row])).toEqual([message]));

  it('with all that is wrong in it, and the rest of the file is read', () => {
    const { results, end } = readAll([header, 'x,-1,,a,1,1', '2026-11-23,1,1,1,1,1']);
    expect(problems(results).map(({ field, code }) => `${field} ${code}`)).toEqual([
      'date time_form',
      'open negative',
      'high missing',
      'low not_a_number',
    ]);
    expect(end).toEqual({ counts: { lines: 3, candles: 1, idle: 0, refused: 1 }, problems: [] });
  });

  it('duplicates and rows against the order', () => {
    const days = ['2026-11-16', '2026-11-17', '2026-11-18'];
    expect(messages(days.map(flat))).toEqual([]);
    expect(messages(days.toReversed().map(flat))).toEqual([]);
    expect(
      messages(['2026-11-16', '2026-11-17', '2026-11-17', '2026-11-13', '2026-11-18'].map(flat)),
    ).toEqual([
      'line 4: date "2026-11-17" has the time of line 3: keep one of them',
      'line 5: date "2026-11-13" comes after line 3 and is earlier than it: sort the file by time, or import it in any order',
    ]);
    const mixed = ['2026-11-16', '2026-11-18', '2026-11-17', '2026-11-16'].map(flat);
    expect(messages(mixed, { ...daily, order: 'any' })).toEqual([
      'line 5: date "2026-11-16" has the time of line 2: keep one of them',
    ]);
  });

  it('a row without trades is told, not taken', () => {
    const { results, end } = readAll([
      header,
      '2026-11-23,0,0,0,70500,0',
      '2026-11-24,70500,70500,70500,70500,0',
    ]);
    expect(results.slice(1)).toMatchObject([
      { kind: 'idle', reason: 'halted', day: '2026-11-23', line: 2 },
      { kind: 'idle', reason: 'no_trades', day: '2026-11-24', line: 3 },
    ]);
    expect(end.counts).toEqual({ lines: 3, candles: 0, idle: 2, refused: 0 });
  });
});

describe('times within a day', () => {
  const ten = at('2026-11-23T10:00').toISOString();
  it.each([
    '2026-11-23 10:00',
    '2026-11-23T10:00:00',
    '2026-11-23T01:00:00Z',
    '2026-11-22 20:00:00-05:00',
    '2026-11-23 10:00 KST',
    '2026-11-23 10-AM',
    '2026-11-23 오전 10:00',
    '20261123100000',
    '1795395600',
    '1795395600000',
  ])('%s is ten in Seoul', (text) => expect(starts([`${text},1,1,1,1,1`])).toEqual([ten]));
  it('in a column of their own, with the zero that spreadsheets take', () => {
    const head = '일자,시간,시가,고가,저가,종가,거래량';
    expect(starts(['20261123,90000,1,1,1,1,1', '20261123,100000,1,1,1,1,1'], hourly, head)).toEqual([
      at('2026-11-23T09:00').toISOString(),
      ten,
    ]);
  });
  it('may be those of the end', () => {
    const options = { ...hourly, stamp: 'end' } as const;
    expect(starts(['2026-11-23 11:00,1,1,1,1,1', '2026-11-23 15:30,1,1,1,1,1'], options)).toEqual([
      ten,
      at('2026-11-23T15:00').toISOString(),
    ]);
    expect(messages(['2026-11-23 10:30,1,1,1,1,1'], options)[0]).toContain(
      'no candle of 1h ends then: the nearest ends at 2026-11-23 11:00:00',
    );
  });
  it('that no candle has are refused', () => {
    expect(messages(['2026-11-23,1,1,1,1,1'], hourly)[0]).toContain(
      'has no time of day, which candles of 1h need',
    );
    expect(messages(['2026-11-23 10:30,1,1,1,1,1'], hourly)[0]).toContain(
      'the nearest starts at 2026-11-23 10:00:00',
    );
    expect(messages(['2026-11-19 09:00,1,1,1,1,1'], hourly)[0]).toContain(
      'outside the session of 2026-11-19, 10:00–16:30: check the time zone',
    );
    const york = { ...hourly, zone: 'America/New_York', calendar: builtinCalendar('CRYPTO') };
    expect(messages(['2026-11-01 01:00,1,1,1,1,1', '2026-03-08 02:00,1,1,1,1,1'], york)).toHaveLength(2);
  });
  it("of Upbit's own names are in UTC", () => {
    const head =
      'market,candle_date_time_utc,candle_date_time_kst,opening_price,high_price,low_price,trade_price,timestamp,candle_acc_trade_price,candle_acc_trade_volume,unit';
    const row =
      'KRW-BTC,2020-02-20T11:59:00,2020-02-20T20:59:00,11471000.0,11471000.0,11466000.0,11467000.0,1582199998830,10876514.92147,0.94820557,1';
    const options = {
      ...daily,
      venue: 'UPBIT',
      interval: '1m',
      symbol: 'KRW-BTC',
      calendar: builtinCalendar('CRYPTO'),
    } as const;
    const [found] = candles(readAll([head, row], options).results);
    expect([found?.start.toISOString(), found?.volume.toFixed(), found?.value?.toFixed()]).toEqual([
      '2020-02-20T11:59:00.000Z',
      '0.94820557',
      '10876514.92147',
    ]);
  });
});

describe('a header', () => {
  it.each([
    [['date,open,high,low,close'], 'line 1: no column for volume: add it, or say which column it is'],
    [
      ['date,open,high,low,close,volume,volume_usd'],
      'line 1: volume, volume_usd could each be the volume: say which it is',
    ],
    [['\uFFFD\uFFFD,\uFFFD\uFFFD,1'], 'line 1: not UTF-8: save the file as "CSV UTF-8"'],
    [
      ['1,2,3'],
      'line 1: no header in the first 1 lines: name the columns date, open, high, low, close, volume',
    ],
  ])('%j is refused once', (lines, message) => {
    const { end } = readAll([...lines, '2026-11-23,1,1,1,1,1,1']);
    expect(
      end.problems.map((problem) =>
        problem.message.replace('first 2 lines', 'first 1 lines').replace('line 2', 'line 1'),
      ),
    ).toEqual([message]);
    expect(end.counts.candles).toBe(0);
  });
  it('may be told where guessing is wrong', () => {
    const head = 'date,open,high,low,close,volume_btc,volume';
    const { results } = readAll([head, '2026-11-23,1,1,1,1,5,9'], {
      ...daily,
      columns: { volume: 'volume_btc' },
    });
    expect(candles(results)[0]?.volume.toFixed()).toBe('5');
    const { end } = readAll([head], { ...daily, columns: { volume: 'Volume' } });
    expect(end.problems[0]?.code).toBe('column_unknown');
    expect(candleProblemCodes).toContain('column_unknown');
  });
});

const day = fc
  .integer({ min: 0, max: 3_000 })
  .map((n) => new Date(Date.UTC(2016, 0, 1 + n)).toISOString().slice(0, 10));
const cell = fc.oneof(
  fc.integer({ min: -5, max: 100_000 }).map(String),
  fc.constantFrom('', 'NaN', '-', '1,000', '"1,234"', '"', 'Infinity', '1e3', '0', '70.5', '１'),
  fc.string({ maxLength: 6 }),
);
const row = fc.tuple(fc.oneof(day, cell), cell, cell, cell, cell, cell).map((cells) => cells.join(','));

describe('every file', () => {
  it('gives each line one answer, never throws, and what it takes passes the edge', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.string()), { maxLength: 30 }), (rows) => {
        const { results, end } = readAll([header, ...rows]);
        expect(results).toHaveLength(rows.length + 1);
        const kinds = (kind: string) => results.filter((result) => result.kind === kind).length;
        expect(end.counts).toEqual({
          lines: rows.length + 1,
          candles: kinds('candle'),
          idle: kinds('idle'),
          refused: kinds('refused'),
        });
        for (const [index, result] of results.entries())
          if (result.kind === 'refused') {
            expect(result.problems.length).toBeGreaterThan(0);
            for (const { line, message, value } of result.problems) {
              expect(line).toBe(index + 1);
              expect(message.replace(value ?? '', '')).not.toMatch(/\{\w+\}/);
            }
          }
        for (const found of candles(results)) {
          const { line: _line, day: _day, ...fields } = found;
          const text = Object.fromEntries(
            Object.entries(fields).map(([key, value]) => [
              key,
              value instanceof Date
                ? value.toISOString()
                : typeof value === 'object'
                  ? (value?.toFixed() ?? null)
                  : value,
            ]),
          );
          expect(
            candle.safeParse({ venue: 'KRX', source: 'import:x.csv', interval: '1d', ...text }).error,
          ).toBeUndefined();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('valid candles come back as they were written, in either order', () => {
    const days = Array.from({ length: 60 }, (_, n) =>
      new Date(Date.UTC(2026, 8, 1 + n)).toISOString().slice(0, 10),
    );
    const prices = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 2_000_000 })));
    fc.assert(
      fc.property(fc.array(prices, { minLength: 60, maxLength: 60 }), fc.boolean(), (all, newestFirst) => {
        const rows = days.map((date, index) => {
          const [open = 1, close = 1, a = 1, b = 1] = all[index] ?? [];
          return [date, open, Math.max(open, close, a, b), Math.min(open, close, a, b), close, 7].join(',');
        });
        const { results } = readAll([header, ...(newestFirst ? rows.toReversed() : rows)]);
        const back = candles(results).map((found) =>
          [found.day, found.open, found.high, found.low, found.close, found.volume].join(','),
        );
        const open = rows.filter((text) => krxOpen(text.slice(0, 10)));
        expect(newestFirst ? back.toReversed() : back).toEqual(open);
        expect(problems(results).every(({ code }) => code === 'closed_day')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('fields written by RFC 4180 come back', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
        const clean = fields.map((field) => field.replaceAll(/[\r\n\uFEFF]/g, ''));
        const line = clean.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(splitLine(bareLine(`${line}\r\n`), ',')).toEqual(clean.map((field) => field.trim()));
      }),
    );
  });

  it('numbers and dates that are none are never guessed', () => {
    for (const bad of ['1,23', '1.234,5', '12a', '0x10', '１２', '1 000', '--1', '1e999'])
      expect(typeof readNumber(bad)).toBe('string');
    for (const bad of [
      '',
      '11/23/2026',
      '2026-13-01',
      '2026-11-23 24:00',
      '2026-11-23 9',
      '2026-11-23 13-PM',
      'today',
    ])
      expect(readStamp(bad, null)).toBeNull();
    expect(readStamp('2026-11-23 00:00:00', '090000')).toMatchObject({ kind: 'wall', wall: { hour: 9 } });
  });
});

function krxOpen(date: string): boolean {
  return messages([`${date},1,1,1,1,1`]).length === 0;
}
