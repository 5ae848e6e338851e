import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { price, quantity } from '#domain/market/money.ts';
import { traderRules } from './rules.ts';
import type { TraderContext, TraderEffect } from './step-types.ts';
import { Desk, choice, contextAt, day } from './trader.test-kit.ts';

const manual = { code: 'flatten_asked', params: {} };

type Wish = (desk: Desk) => void;
const said = (name: string, act: Wish) =>
  Object.assign(act, { toString: () => name, [fc.toStringMethod]: () => name });

const sometimes: fc.Arbitrary<Wish> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: 1, max: 40 })
      .map((sec) => said(`wait ${sec}`, (desk) => void (desk.second += sec))),
  },
  { weight: 4, arbitrary: fc.constant(said('tick', (desk) => void desk.send({ kind: 'tick' }))) },
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: 500, max: 900 })
      .map((hundreds) => said(`price ${hundreds}00`, (desk) => void (desk.last = hundreds * 100))),
  },
  {
    weight: 5,
    arbitrary: fc.boolean().map((granted) =>
      said(`cycle ${granted}`, (desk) => {
        desk.send({ kind: 'scan_due' });
        const effects = desk.send({ kind: 'scanned', choices: [choice] });
        if (!effects.some((effect) => effect.kind === 'lock_symbol')) return;
        if (!granted) desk.send({ kind: 'symbol_refused', symbol: choice.symbol, why: manual });
        else {
          desk.locks.add(choice.symbol);
          desk.send({ kind: 'symbol_locked', symbol: choice.symbol, token: 7 });
        }
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(0.1, 0.5, 1).map((share) => said(`fill ${share}`, (desk) => desk.fill(share))),
  },
  { weight: 5, arbitrary: fc.constant(said('report', (desk) => desk.report())) },
  { weight: 1, arbitrary: fc.constant(said('unknown', (desk) => desk.report('unknown'))) },
  { weight: 4, arbitrary: fc.boolean().map((yes) => said(`answer ${yes}`, (desk) => desk.answer(yes))) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('margin', 'market_closed')
      .map((why) => said(`reject ${why}`, (desk) => desk.reject(why))),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map((n) =>
      said(`replay ${n}`, (desk) => {
        const old = desk.told[n % Math.max(desk.told.length, 1)];
        if (old !== undefined) desk.send(old);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((confidence) =>
        said(
          'signal',
          (desk) =>
            void desk.send({ kind: 'exit_signal', confidence, reason: { code: 'sma_below', params: {} } }),
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('000660', choice.symbol).map((symbol) =>
      said(`late lock ${symbol}`, (desk) => {
        desk.locks.add(symbol);
        desk.send({ kind: 'symbol_locked', symbol, token: 9 });
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(said('scan', (desk) => void desk.send({ kind: 'scan_due' }))) },
  {
    weight: 1,
    arbitrary: fc.constant(said('halt', (desk) => void desk.send({ kind: 'halt', reason: manual }))),
  },
  { weight: 1, arbitrary: fc.constant(said('resume', (desk) => void desk.send({ kind: 'resume' }))) },
  {
    weight: 1,
    arbitrary: fc.constant(said('flatten', (desk) => void desk.send({ kind: 'flatten', reason: manual }))),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Partial<TraderContext>>(
        {},
        { matching: 'auction' },
        { matching: 'none', stuck: 'halted' },
        { stuck: 'limit_locked' },
        { entriesBlocked: { code: 'kill_switch', params: {} } },
        { canRevise: false },
        { quote: null },
      )
      .map((over) => said(`world ${JSON.stringify(over)}`, (desk) => void (desk.over = over))),
  },
);
/** Lives begin at any time of the day, so that its end is met in every phase. */
const starts = fc.constantFrom(0, 200, 350, 390, 450);
const lives = fc.array(sometimes, { maxLength: 120, size: 'max' });

function isHalted(desk: Desk): boolean {
  return desk.state.phase === 'HALTED';
}

function closed(desk: Desk): void {
  desk.second = Math.max(desk.second, day.close);
  desk.send({ kind: 'tick' });
  desk.send({ kind: 'day_closed' });
}

describe('a trader', () => {
  it('keeps every promise, whatever happens in whatever order', () => {
    const visited = new Set<string>();
    fc.assert(
      fc.property(starts, lives, (start, wishes) => {
        const desk = new Desk();
        desk.second = start;
        for (const wish of wishes) {
          if (desk.second >= day.close) break;
          wish(desk);
          visited.add(desk.state.phase);
          expect(desk.faults).toEqual([]);
        }
        closed(desk);
        expect(desk.faults).toEqual([]);
        const { state } = desk;
        const criticals = desk.effects.filter((e) => e.kind === 'alert' && e.severity === 'critical').length;
        if (state.phase === 'EXITING') expect(state.exit.carried).not.toBeNull();
        else expect(['IDLE', 'HALTED']).toContain(state.phase);
        if (!desk.held.isZero()) {
          expect(state.phase).not.toBe('IDLE');
          expect(criticals).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1_500 },
    );
    expect([...visited].sort()).toEqual(['ENTERING', 'EXITING', 'HALTED', 'HOLDING', 'IDLE', 'SCANNING']);
  }, 60_000);

  it('is flat by the close when the broker does its part', () => {
    fc.assert(
      fc.property(starts, lives, (start, wishes) => {
        const desk = new Desk();
        desk.second = start;
        for (const wish of wishes) {
          if (desk.second >= day.flatten) break;
          wish(desk);
        }
        fc.pre(!isHalted(desk) && desk.second < day.auction);
        desk.over = {};
        desk.second = Math.max(desk.second, day.flatten);
        for (; desk.second < day.close; desk.second += 7) {
          desk.send({ kind: 'tick' });
          desk.answer(true);
          desk.fill(0.5);
          desk.report();
        }
        closed(desk);
        expect(desk.faults).toEqual([]);
        // A broker that said "closed today" is believed until tomorrow.
        const shut = desk.effects.some((effect) => effect.kind === 'stop_account_for_day');
        if (!shut && !isHalted(desk)) {
          expect(desk.state.phase).toBe('IDLE');
          expect(desk.held.isZero()).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
  }, 60_000);
});

/** A desk that holds 100 at 70,000. */
function holding(): Desk {
  const desk = new Desk();
  desk.send({ kind: 'scan_due' });
  desk.send({ kind: 'scanned', choices: [{ ...choice, symbol: '000660', confidence: 0.1 }, choice] });
  desk.locks.add(choice.symbol);
  desk.send({ kind: 'symbol_locked', symbol: choice.symbol, token: 7 });
  desk.fill(1);
  desk.report();
  expect(desk.state.phase).toBe('HOLDING');
  return desk;
}

function only<K extends TraderEffect['kind']>(effects: readonly TraderEffect[], kind: K) {
  return effects.filter((effect): effect is Extract<TraderEffect, { kind: K }> => effect.kind === kind);
}

describe('an exit', () => {
  it('follows a stop loss of 3 % at the first price that reaches it', () => {
    const desk = holding();
    desk.last = 68_000;
    expect(desk.send({ kind: 'tick' })).toEqual([]);
    desk.last = 67_900;
    const [order] = only(desk.send({ kind: 'tick' }), 'place_order');
    expect(order?.side).toBe('sell');
    expect(order?.quantity.toFixed()).toBe('100');
    expect(order?.reason).toEqual({
      code: 'stop_loss',
      params: { entry: '70000', price: '67900', change_pct: -3, limit_pct: -3 },
    });
    desk.fill(1);
    desk.report();
    expect(desk.state.phase).toBe('IDLE');
  });

  it('follows a take profit, a sure signal, and T−Δ', () => {
    for (const [act, code] of [
      [(desk: Desk) => void (desk.last = 73_500), 'take_profit'],
      [(desk: Desk) => void (desk.second = day.flatten), 'flatten_before'],
      [
        (desk: Desk) => void desk.send({ kind: 'exit_signal', confidence: 0.9, reason: manual }),
        'flatten_asked',
      ],
    ] as const) {
      const desk = holding();
      act(desk);
      desk.send({ kind: 'tick' });
      expect(only(desk.effects, 'place_order').at(-1)?.reason.code).toBe(code);
    }
    const unsure = holding();
    unsure.send({ kind: 'exit_signal', confidence: 0.2, reason: manual });
    expect(unsure.state.phase).toBe('HOLDING');
  });

  it('is revised to worse prices at T−Δ, and never sells more than is left', () => {
    const desk = holding();
    desk.second = day.flatten;
    desk.send({ kind: 'tick' });
    const prices = [only(desk.effects, 'place_order').at(-1)?.price.toNumber()];
    for (let k = 0; k < 4; k += 1) {
      desk.fill(0.3);
      desk.report();
      desk.second += 6;
      const [revise] = only(desk.send({ kind: 'tick' }), 'revise_order');
      prices.push(revise?.price.toNumber());
      desk.answer(true);
    }
    expect(prices).toEqual([69_900, 69_800, 69_600, 69_200, 68_400]);
    expect(only(desk.effects, 'cancel_order')).toEqual([]);
  });

  it('is cancelled and placed anew for the rest where the broker cannot revise', () => {
    const desk = holding();
    desk.over = { canRevise: false };
    desk.second = day.flatten;
    desk.send({ kind: 'tick' });
    desk.fill(0.4);
    desk.report();
    desk.second += 6;
    expect(only(desk.send({ kind: 'tick' }), 'cancel_order')).toHaveLength(1);
    expect(desk.send({ kind: 'tick' })).toEqual([]);
    desk.fill(0.5);
    desk.answer(true);
    const [, second] = only(desk.effects, 'place_order').filter((effect) => effect.side === 'sell');
    expect(second?.quantity.toFixed()).toBe('30');
  });

  it('asks a broker that refuses everything a few times, calls somebody once, and is carried', () => {
    const desk = holding();
    for (desk.second = day.flatten; desk.second < day.close; desk.second += 1) {
      desk.send({ kind: 'tick' });
      desk.reject('no_reason');
    }
    const asked = only(desk.effects, 'place_order').filter((effect) => effect.side === 'sell');
    expect(asked.length).toBeLessThan(10);
    const alerts = only(desk.effects, 'alert').filter((effect) => effect.severity === 'critical');
    expect(alerts.map((effect) => effect.reason.code)).toEqual(['exit_rejected']);
    closed(desk);
    expect(desk.state).toMatchObject({ phase: 'EXITING', exit: { carried: { plan: 'exit_at_open' } } });
    expect(only(desk.effects, 'alert').at(-1)?.reason.code).toBe('carried');
    desk.second = 0;
    desk.over = { flattenFrom: null, matching: 'auction' };
    const [reopened] = only(desk.send({ kind: 'tick' }), 'place_order');
    expect(reopened?.quantity.toFixed()).toBe('100');
    desk.fill(1);
    desk.report();
    expect(desk.state.phase).toBe('IDLE');
  });

  it('in an auction is one marketable limit, and waits', () => {
    const desk = holding();
    desk.over = { matching: 'auction' };
    desk.last = 67_000;
    const [order] = only(desk.send({ kind: 'tick' }), 'place_order');
    expect(order?.price.toNumber()).toBe(64_900);
    for (let k = 0; k < 20; k += 1) {
      desk.second += 6;
      expect(desk.send({ kind: 'tick' })).toEqual([]);
    }
    desk.over = {};
    expect(only(desk.send({ kind: 'tick' }), 'revise_order')).toEqual([]);
  });

  it.each(['halted', 'limit_locked'] as const)('rests once with an alert when %s', (stuck) => {
    const desk = holding();
    desk.over = { stuck, ...(stuck === 'halted' ? { matching: 'none' as const } : {}) };
    desk.second = day.flatten;
    const effects = desk.send({ kind: 'tick' });
    expect(only(effects, 'place_order')[0]?.price.toNumber()).toBe(49_000);
    expect(only(effects, 'alert').map((effect) => effect.reason.code)).toEqual([`exit_${stuck}`]);
    desk.reject('suspended');
    for (let k = 0; k < 10; k += 1) {
      desk.second += 9;
      expect(only(desk.send({ kind: 'tick' }), 'place_order')).toEqual([]);
    }
    desk.over = {};
    expect(only(desk.send({ kind: 'tick' }), 'place_order')).toHaveLength(1);
  });

  it('waits with an alert while nothing is sellable, and sells no more than the broker says', () => {
    const desk = holding();
    desk.second = day.flatten;
    desk.over = { sellable: quantity(0) };
    for (let k = 0; k < 5; k += 1) desk.send({ kind: 'tick' });
    expect(only(desk.effects, 'alert').map((effect) => effect.reason.code)).toEqual([
      'exit_nothing_sellable',
    ]);
    desk.over = { sellable: quantity(40) };
    expect(only(desk.send({ kind: 'tick' }), 'place_order')[0]?.quantity.toFixed()).toBe('40');
  });

  it('of crypto stops at the slippage floor and leaves dust', () => {
    const desk = holding();
    desk.over = { limits: null, flattenFrom: null, lot: decimal('0.00000001') };
    desk.send({ kind: 'flatten', reason: manual });
    for (let k = 0; k < 30; k += 1) {
      desk.second += 6;
      desk.send({ kind: 'tick' });
      desk.answer(true);
    }
    expect(only(desk.effects, 'revise_order').at(-1)?.price.toNumber()).toBe(63_000);
    const dust = holding();
    dust.over = { minOrderValue: decimal(8_000_000) };
    expect(only(dust.send({ kind: 'flatten', reason: manual }), 'record')[0]?.reason.code).toBe('dust_left');
    expect(dust.state.phase).toBe('IDLE');
  });
});

/** A desk with an open entry of 100. */
function entering(): Desk {
  const desk = new Desk();
  desk.send({ kind: 'scan_due' });
  desk.send({ kind: 'scanned', choices: [choice] });
  desk.locks.add(choice.symbol);
  desk.send({ kind: 'symbol_locked', symbol: choice.symbol, token: 7 });
  return desk;
}

describe('an entry', () => {
  it('at T−Δ is cancelled, waits for the confirmation, and sells what filled until then', () => {
    const desk = entering();
    desk.fill(0.2);
    desk.report();
    desk.second = day.flatten;
    expect(only(desk.send({ kind: 'tick' }), 'cancel_order')).toHaveLength(1);
    expect(desk.send({ kind: 'tick' })).toEqual([]);
    desk.fill(0.5);
    desk.answer(true);
    expect(only(desk.effects, 'place_order').at(-1)).toMatchObject({
      side: 'sell',
      reason: { code: 'flatten_before' },
    });
    expect(only(desk.effects, 'place_order').at(-1)?.quantity.toFixed()).toBe('60');
  });

  it('that found the market closed stops the account for the day', () => {
    const desk = entering();
    desk.reject('market_closed');
    expect(only(desk.effects, 'stop_account_for_day')).toHaveLength(1);
    expect(desk.state).toMatchObject({ phase: 'HALTED', reason: { code: 'market_closed_today' } });
    expect(desk.locks.size).toBe(0);
  });

  it('is not made with stale data, little capital, or a block, and says so', () => {
    for (const [over, code] of [
      [{ quote: null }, 'no_fresh_quote'],
      [{ rules: traderRules.parse({ capital_per_position: '100' }) }, 'capital_too_small'],
      [{ entriesBlocked: { code: 'kill_switch', params: {} } }, 'kill_switch'],
      [{ stuck: 'limit_locked' as const }, 'entry_limit_locked'],
    ] as const) {
      const desk = new Desk();
      desk.send({ kind: 'scan_due' });
      desk.send({ kind: 'scanned', choices: [choice] });
      desk.locks.add(choice.symbol);
      desk.over = over;
      const effects = desk.send({ kind: 'symbol_locked', symbol: choice.symbol, token: 7 });
      expect(only(effects, 'record')[0]?.reason.code).toBe(code);
      expect(only(effects, 'release_symbol')).toHaveLength(1);
      expect(desk.state.phase).toBe('IDLE');
    }
  });
});

describe('halts and reconciliation', () => {
  it('a halted trader sells only when it is told to flatten, and stays halted', () => {
    const desk = holding();
    desk.send({ kind: 'halt', reason: manual });
    desk.last = 60_000;
    expect(desk.send({ kind: 'tick' })).toEqual([]);
    expect(only(desk.send({ kind: 'flatten', reason: manual }), 'place_order')).toHaveLength(1);
    desk.fill(1);
    desk.report();
    expect(desk.state).toMatchObject({ phase: 'HALTED', was: { phase: 'IDLE' } });
    desk.send({ kind: 'resume' });
    expect(desk.state.phase).toBe('IDLE');
  });

  it('the remainder is the broker’s word; more than ours, and a late fill, stop the trader', () => {
    const less = holding();
    less.send({ kind: 'reconciled', held: quantity(30), average: null });
    expect(less.state).toMatchObject({ phase: 'HOLDING', position: { quantity: quantity(30) } });
    less.send({ kind: 'reconciled', held: quantity(0), average: null });
    expect(less.state.phase).toBe('IDLE');
    const more = holding();
    more.send({ kind: 'reconciled', held: quantity(130), average: null });
    expect(more.state).toMatchObject({ phase: 'HALTED', reason: { code: 'position_drift' } });
    const late = holding();
    late.send({
      kind: 'order',
      seq: 1,
      status: 'filled',
      filled: quantity(120),
      averagePrice: price(70_000),
      rejection: null,
    });
    expect(late.state).toMatchObject({ phase: 'HALTED', reason: { code: 'late_fill' } });
  });

  it('an unknown order freezes the trader until its fate is known', () => {
    const desk = holding();
    desk.send({ kind: 'flatten', reason: manual });
    desk.report('unknown');
    for (let k = 0; k < 5; k += 1) {
      desk.second += 60;
      expect(desk.send({ kind: 'tick' })).toEqual([]);
    }
    expect(only(desk.effects, 'alert').map((effect) => effect.reason.code)).toEqual(['exit_order_unknown']);
    desk.fill(1);
    desk.report();
    expect(desk.state.phase).toBe('IDLE');
  });

  it('“filled” with less than was ordered is not believed', () => {
    for (const desk of [entering(), holding()]) {
      desk.send({ kind: 'flatten', reason: manual });
      const seq = desk.state.seq;
      const said = { kind: 'order', seq, averagePrice: price(70_000), rejection: null } as const;
      desk.send({ ...said, status: 'filled', filled: quantity(0) });
      expect(desk.state).toMatchObject({ order: { pending: 'unknown' } });
      expect(only(desk.effects, 'alert').at(-1)?.severity).toBe('critical');
    }
  });

  it('times of the kit are as the machine reads them', () => {
    expect(contextAt(day.flatten, 70_000).now).toEqual(contextAt(0, 70_000).flattenFrom);
  });
});
