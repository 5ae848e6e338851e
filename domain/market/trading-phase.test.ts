import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { freshnessOf, knownAt } from './quote.ts';
import { continuousLeft, phaseAt, tradingAt } from './trading-phase.ts';

const krx = builtinCalendar('XKRX');
const at = (text: string) => new Date(`${text}+09:00`);
const normal = { kind: 'stock', state: 'normal', state_until: null } as const;
const matching = (text: string, state: Partial<Parameters<typeof tradingAt>[2]> = {}) => {
  const now = tradingAt(krx, at(text), { ...normal, ...state });
  return `${now.matching} ${now.reason}`;
};

describe('how an instrument trades', () => {
  it.each([
    ['2026-11-23T08:29:59', 'none market_closed'],
    ['2026-11-23T08:30', 'auction opening_auction'],
    ['2026-11-23T09:00', 'continuous continuous'],
    ['2026-11-23T15:20', 'auction closing_auction'],
    ['2026-11-23T15:30', 'none market_closed'],
    ['2026-11-23T15:40', 'fixed_price post_close'],
    ['2026-11-23T16:00', 'continuous after_market'],
    ['2026-09-11T16:00', 'auction single_price'],
    ['2026-11-19T09:30', 'auction opening_auction'],
    ['2026-11-22T10:00', 'none market_closed'],
  ])('at %s: %s', (text, expected) => expect(matching(text)).toBe(expected));

  it('an interruption makes an auction, a halt ends trading, funds leave before the after-market', () => {
    const until = at('2026-11-23T10:02');
    expect(matching('2026-11-23T10:00', { state: 'vi', state_until: until })).toBe('auction vi');
    expect(matching('2026-11-23T15:25', { state: 'vi' })).toBe('auction closing_auction');
    expect(matching('2026-11-23T10:00', { state: 'halted' })).toBe('none halted');
    expect(matching('2026-11-23T17:00', { kind: 'etf' })).toBe('none not_in_this_session');
    expect(
      tradingAt(krx, at('2026-11-23T10:00'), { ...normal, state: 'vi', state_until: until }).until,
    ).toEqual(until);
    expect(tradingAt(krx, at('2026-11-23T10:00'), { ...normal, state: 'vi' }).until).toBeNull();
  });

  it('crypto always trades', () => {
    const crypto = builtinCalendar('CRYPTO');
    expect(tradingAt(crypto, at('2026-11-22T03:00'), { ...normal, kind: 'crypto' }).matching).toBe(
      'continuous',
    );
  });

  it('continuous trading is left until the closing auction', () => {
    expect(continuousLeft(krx, at('2026-11-23T15:10'))).toBe(600_000);
    expect(continuousLeft(krx, at('2026-11-19T16:10'))).toBe(600_000);
    expect(continuousLeft(krx, at('2026-11-23T15:20'))).toBeNull();
    expect(continuousLeft(krx, at('2026-11-22T15:00'))).toBeNull();
    expect(phaseAt(krx, at('2026-11-23T08:35'))?.name).toBe('opening_auction');
  });
});

describe('quotes', () => {
  const row = { at: at('2026-11-23T10:00'), available_at: at('2026-11-23T10:00:01') };
  it('are known once they are available and used while they are fresh', () => {
    expect(knownAt([row], at('2026-11-23T10:00:00.999'))).toEqual([]);
    expect(knownAt([row], at('2026-11-23T10:00:01'))).toEqual([row]);
    expect(freshnessOf(row, at('2026-11-23T10:00:00'), 5_000)).toMatchObject({ reason: 'no_quote' });
    expect(freshnessOf(row, at('2026-11-23T10:00:05'), 5_000)).toEqual({ fresh: true, ageMs: 5_000 });
    expect(freshnessOf(row, at('2026-11-23T10:00:06'), 5_000)).toMatchObject({ reason: 'stale_quote' });
    expect(freshnessOf(null, at('2026-11-23T10:00:06'), 5_000).fresh).toBe(false);
  });
});
