import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import { type EntryKey, entryKey, exitKey, parseKey } from './idempotency.ts';

const letters = (first: string, rest: string, maxLength: number) =>
  fc
    .tuple(
      fc.constantFrom(...first.split('')),
      fc.string({ unit: fc.constantFrom(...rest.split('')), maxLength: maxLength - 1 }),
    )
    .map(([head, tail]) => head + tail);
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const entry = fc.record({
  ticker: letters(upper, `${upper}./_-`, 40),
  timeframe: fc
    .tuple(fc.integer({ min: 1, max: 9_999 }), fc.constantFrom(...'smhdwM'.split('')))
    .map((parts) => parts.join('')),
  candle_ts: fc.integer({ min: 946_684_800, max: 4_102_444_800 }),
  action: letters(lower, `${lower}_`, 30),
});
const step = fc.integer({ min: 0, max: 999_999 });
const exit = fc
  .tuple(entry, step, step)
  .map(([parts, episode, number]) => ({ ...parts, episode, step: number }));

const buy: EntryKey = { ticker: '005930', timeframe: '15m', candle_ts: 1_795_132_800, action: 'buy' };

describe('keys', () => {
  it('are written as the desk reads them', () => {
    expect(entryKey(buy)).toBe('005930-15m-1795132800-buy');
    expect(exitKey({ ...buy, ticker: 'KRW-BTC', action: 'stop_loss', episode: 3, step: 1 })).toBe(
      'KRW-BTC-15m-1795132800-stop_loss-3-1',
    );
  });

  it('are read back as what they were built of', () => {
    fc.assert(
      fc.property(entry, (parts) => {
        expect(parseKey(entryKey(parts))).toEqual(parts);
      }),
    );
    fc.assert(
      fc.property(exit, (parts) => {
        expect(parseKey(exitKey(parts))).toEqual(parts);
      }),
    );
  });

  it('differ when any part differs', () => {
    fc.assert(
      fc.property(exit, exit, (one, other) => {
        expect(exitKey(one) === exitKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(entryKey(buy)).not.toBe(exitKey(one));
      }),
    );
  });

  it.each([
    ['ticker', { ticker: 'samsung' }],
    ['ticker', { ticker: '' }],
    ['timeframe', { timeframe: '15' }],
    ['timeframe', { timeframe: '0m' }],
    ['candle_ts', { candle_ts: 1_795_132_800_000 }],
    ['candle_ts', { candle_ts: 1_795_132_800.5 }],
    ['candle_ts', { candle_ts: Number.NaN }],
    ['action', { action: 'BUY' }],
    ['action', { action: 'buy-now' }],
  ])('refuse a bad %s', (field, part) => {
    const refusal = (() => {
      try {
        return entryKey({ ...buy, ...part });
      } catch (error) {
        return error;
      }
    })();
    if (!(refusal instanceof Problem)) throw new Error(`Built ${String(refusal)}.`);
    expect([refusal.status, refusal.issues[0]?.path, refusal.issues[0]?.code]).toEqual([
      400,
      [field],
      'key_part_bad',
    ]);
  });

  it.each([
    '',
    '005930',
    '005930-15m-1795132800',
    '005930-15m-01795132800-buy',
    '005930-15m-1-buy',
    '005930-15m-1795132800-buy-1',
    '005930-15m-1795132800-buy-01-1',
    ' 005930-15m-1795132800-buy',
  ])('no key: %j', (text) => expect(parseKey(text)).toBeNull());
});
