import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { bandOf, indexAt, isTelling, spanOf, standingAt, stopsOf } from './playback.ts';
import { type TraderDayView, type TransitionView, traderPhases } from './view.ts';

const open = Date.parse('2026-11-20T00:00:00Z');
const end = Date.parse('2026-11-20T06:30:00Z');
const iso = (at: number) => new Date(at).toISOString();

const at = (minutes: number) => iso(open + minutes * 60_000);

const phase = fc.constantFrom(...traderPhases);
const steps = fc
  .array(fc.record({ gap: fc.integer({ min: 0, max: 3_000_000 }), to: phase }), { maxLength: 40 })
  .map((list) => {
    let [at, from] = [open, traderPhases[0] as TransitionView['from']];
    return list.map(({ gap, to }, index): TransitionView => {
      at = Math.min(end, at + gap);
      const step = {
        seq: index + 1,
        at: iso(at),
        event: 'tick',
        from,
        to,
        symbol: null,
        reason: null,
        details: {},
        price: null,
        quantity: null,
        effects: [],
      };
      from = to;
      return step;
    });
  });

function dayOf(transitions: readonly TransitionView[], more: Partial<TraderDayView> = {}): TraderDayView {
  return {
    trader_id: 't',
    day: '2026-11-20',
    days: ['2026-11-20'],
    now: iso(end + 1),
    phases: [{ name: 'continuous', start: iso(open), end: iso(end) }],
    phase_before: 'IDLE',
    transitions: [...transitions],
    capped: false,
    fills: [],
    orders: [],
    symbols: [],
    ...more,
  };
}

describe('the phase band', () => {
  it('covers the day without gaps or overlaps, and says at each instant what the transitions say', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: open, max: end - 1 }), (transitions, at) => {
        const day = dayOf(transitions);
        const band = bandOf(day);
        let from = spanOf(day).from;
        for (const piece of band) {
          expect(piece.from).toBe(from);
          expect(piece.to).toBeGreaterThan(piece.from);
          from = piece.to;
        }
        expect(from).toBe(end);
        const shown = band.find((piece) => piece.from <= at && at < piece.to);
        expect(shown?.phase).toBe(standingAt(day, at).phase);
      }),
    );
  });

  it('ends now while the day goes on', () => {
    const now = open + 600_000;
    expect(bandOf(dayOf([], { now: iso(now) }))).toEqual([{ phase: 'IDLE', from: open, to: now }]);
  });
});

describe('standingAt', () => {
  it('takes the newest transition at or before the instant', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: open - 1_000, max: end }), (transitions, at) => {
        const known = transitions.filter((each) => Date.parse(each.at) <= at);
        expect(indexAt(transitions, at)).toBe(known.length - 1);
        expect(standingAt(dayOf(transitions), at).transition).toBe(known.at(-1) ?? null);
      }),
    );
  });

  it('holds what the fills until then come to, and knows the orders that were open', () => {
    const fills: TraderDayView['fills'] = [
      { at: at(10), symbol: '005930', side: 'buy', quantity: '10', price: '70000' },
      { at: at(20), symbol: '005930', side: 'buy', quantity: '10', price: '71000' },
      { at: at(30), symbol: '005930', side: 'sell', quantity: '20', price: '71500' },
    ];
    const order = {
      order_id: '00000000-0000-7000-8000-000000000000',
      seq: 1,
      symbol: '005930',
      side: 'buy' as const,
      state: 'filled',
      quantity: '20',
      filled: '20',
      price: '71000',
      average: '70500',
      at: at(9),
      ended_at: at(20),
      cause: { code: 'sma_cross_up', params: {} },
      reason: null,
    };
    const day = dayOf([], { fills, orders: [order] });
    const when = (minutes: number) => standingAt(day, open + minutes * 60_000);
    expect(when(5)).toMatchObject({ held: null, orders: [], realised: '0' });
    expect(when(15)).toMatchObject({ held: { quantity: '10', average: '70000' }, orders: [{ seq: 1 }] });
    expect(when(25)).toMatchObject({ held: { quantity: '20', average: '70500' }, orders: [] });
    expect(when(30).held).toBeNull();
    expect(when(30).realised).toBe(decimal(20).times(1_000).toFixed());
  });
});

describe('stopsOf', () => {
  it('leaves out looking without finding, and nothing else', () => {
    fc.assert(
      fc.property(steps, (transitions) => {
        const day = dayOf(transitions);
        const stops = stopsOf(day, false);
        expect(stops).toEqual([...new Set(stops)].toSorted((a, b) => a - b));
        const quiet = transitions.filter((each) => !isTelling(each));
        for (const { from, to } of quiet)
          expect(['IDLE', 'SCANNING']).toEqual(expect.arrayContaining([from, to]));
        expect(stopsOf(day, true).length).toBe(new Set(transitions.map((each) => each.at)).size);
      }),
    );
  });
});
