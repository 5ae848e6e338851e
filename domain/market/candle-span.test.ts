import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { newestSessionTimes } from '#domain/time/session-times.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { candle } from './candle.ts';
import { candleSpan, gapsIn, spansWithin } from './candle-span.ts';

const krx = builtinCalendar('XKRX');
const crypto = builtinCalendar('CRYPTO');
const at = (text: string) => new Date(`${text}+09:00`);
const intervals = Object.keys(candleMinutes).filter((text): text is CandleInterval => text in candleMinutes);

describe('where a candle lies', () => {
  it('counts from the open and ends with the close', () => {
    const hour = (text: string) => {
      const span = candleSpan(krx, '1h', at(text));
      return span === null ? null : [span.start, span.end];
    };
    expect(hour('2026-11-23T09:59:59')).toEqual([at('2026-11-23T09:00'), at('2026-11-23T10:00')]);
    expect(hour('2026-11-23T15:30')).toEqual([at('2026-11-23T15:00'), at('2026-11-23T15:30')]);
    expect(hour('2026-11-19T09:30')).toBeNull();
    expect(hour('2026-11-19T16:05')).toEqual([at('2026-11-19T16:00'), at('2026-11-19T16:30')]);
    expect(hour('2026-11-23T15:30:01')).toBeNull();
    expect(hour('2026-11-22T10:00')).toBeNull();
    expect(candleSpan(crypto, '1d', at('2026-11-22T08:59'))?.day).toBe('2026-11-21');
    expect(candleSpan(crypto, '1d', at('2026-11-22T09:00'))?.day).toBe('2026-11-22');
  });

  it('ends when the job of that candle is due', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...intervals),
        fc.constantFrom(krx, crypto),
        fc.integer({ min: 0, max: 366 * 86_400 }),
        (interval, calendar, offset) => {
          const from = new Date(at('2026-01-02T00:00').getTime() + offset * 1_000);
          const to = new Date(from.getTime() + 86_400_000);
          const times = { kind: 'candle', minutes: candleMinutes[interval], bufferSec: 0, calendar } as const;
          const spans = [...spansWithin(calendar, interval, from, to)];
          const due = newestSessionTimes(times, from, to, 2_000).map((time) => time.getTime());
          for (const span of spans) {
            expect(due).toContain(span.end.getTime());
            expect(candleSpan(calendar, interval, span.start)).toEqual(span);
          }
          expect(due.length - spans.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('gaps', () => {
  it('are what was dropped, and closed hours are none', () => {
    const range = { from: at('2026-11-16T00:00'), to: at('2026-11-27T00:00') };
    fc.assert(
      fc.property(
        fc.constantFrom<CandleInterval>('30m', '1h', '1d'),
        fc.infiniteStream(fc.boolean()),
        (interval, keep) => {
          const all = [...spansWithin(krx, interval, range.from, range.to)];
          const kept = all.filter(() => keep.next().value === true);
          const gaps = gapsIn(krx, interval, range, kept.map(({ start }) => start).toReversed());
          expect(gaps.reduce((sum, { missing }) => sum + missing, 0)).toBe(all.length - kept.length);
          for (const { from, to, missing } of gaps) {
            const inside = all.filter(({ start, end }) => start >= from && end <= to);
            expect(inside).toHaveLength(missing);
            expect(inside.some((span) => kept.includes(span))).toBe(false);
          }
          // Maximal: between two gaps there is a candle.
          for (const [index, gap] of gaps.slice(1).entries())
            expect(kept.some(({ start }) => start >= (gaps[index]?.to ?? start) && start < gap.from)).toBe(
              true,
            );
        },
      ),
      { numRuns: 60 },
    );
    expect(gapsIn(krx, '1h', range, [])).toEqual([
      { from: at('2026-11-16T09:00'), to: at('2026-11-26T15:30'), missing: 63 },
    ]);
  });
});

it('a candle is checked at the edge', () => {
  const good = {
    venue: 'KRX',
    source: 'import:prices.csv',
    symbol: '005930',
    interval: '1d',
    start: '2026-11-23T09:00:00+09:00',
    end: '2026-11-23T15:30:00+09:00',
    available_at: '2026-11-23T06:30:00Z',
    open: '70000',
    high: '71000',
    low: '69000',
    close: '70500',
    volume: '0',
  };
  expect(candle.parse(good).close.toFixed()).toBe('70500');
  for (const [field, value] of [
    ['high', '70400'],
    ['low', '70100'],
    ['open', '0'],
    ['volume', '-1'],
    ['available_at', '2026-11-23T06:29:59Z'],
    ['end', '2026-11-23T09:00:00+09:00'],
    ['interval', '7m'],
    ['source', 'Import'],
  ] as const) {
    const answer = candle.safeParse({ ...good, [field]: value });
    expect(
      answer.error?.issues.map(({ path }) => path[0]),
      field,
    ).toContain(field);
  }
});
