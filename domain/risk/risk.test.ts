import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, zero } from '#domain/core/decimal.ts';
import { instrument } from '#domain/market/instrument.ts';
import { krxTicks } from '#domain/market/ticks.ts';
import type { TradingNow } from '#domain/market/trading-phase.ts';
import type { OrderEvent } from '#domain/orders/event.ts';
import { accepted, exitIntent, intent, lost, play, second, started } from '#domain/orders/orders.test-kit.ts';
import { type RiskContext, preTrade } from './check.ts';
import {
  type ClosedTrade,
  type ProtectionFacts,
  type ProtectionLimits,
  holding,
  protectionsOf,
} from './protection.ts';

const trading: TradingNow = { matching: 'continuous', reason: 'continuous', phase: null, until: null };

const samsung = instrument.parse({
  venue: 'KRX',
  market: 'KOSPI',
  symbol: '005930',
  name: 'Samsung Electronics',
});

function context(parts: Partial<RiskContext> = {}): RiskContext {
  return {
    order: intent(),
    flatten: false,
    instrument: samsung,
    ticks: krxTicks('KOSPI', 'stock', '2026-11-20'),
    priceLimits: { lower: decimal(49_000), upper: decimal(91_000) },
    worstPrice: decimal(70_000),
    fees: (amount) => amount.times('0.00015'),
    trading,
    quote: { fresh: true, ageMs: 100 },
    control: 'running',
    protections: [],
    cash: decimal(1_000_000),
    orders: [],
    positionValue: zero,
    symbols: new Set(),
    sellable: decimal(10),
    entriesLastMinute: 0,
    limits: { positionValue: decimal(1_000_000), positions: 3, entriesPerMinute: 5 },
    ...parts,
  };
}
function codes(parts: Partial<RiskContext> = {}): string[] {
  return preTrade(context(parts)).map((refusal) => `${refusal.check}:${refusal.code}`);
}

describe('preTrade', () => {
  it('lets a sound order pass and names what is wrong with any other', () => {
    expect(codes()).toEqual([]);
    expect(codes({ order: exitIntent() })).toEqual([]);
    expect(codes({ order: intent({ price: decimal(70_050) }) })).toEqual(['tick:off_tick']);
    expect(codes({ order: intent({ price: decimal(91_100) }) })).toEqual(['price_limits:above_limit']);
    expect(codes({ order: intent({ price: decimal(48_950) }) })).toEqual(['price_limits:below_limit']);
    expect(codes({ order: intent({ quantity: decimal('1.5') }) })).toEqual(['lot:off_lot']);
    expect(codes({ ticks: null })).toEqual(['tick:ticks_unknown']);
    expect(codes({ order: intent({ price: null }), ticks: null })).toEqual([]);
    expect(codes({ order: exitIntent(), sellable: decimal(9) })).toEqual(['sellable:sellable_exceeded']);
    expect(codes({ control: 'entries_stopped' })).toEqual(['entries_stopped:entries_stopped']);
    expect(codes({ protections: ['daily_loss'] })).toEqual(['protection:daily_loss']);
    expect(codes({ quote: { fresh: false, reason: 'stale_quote', ageMs: 9 } })).toEqual([
      'data_fresh:stale_quote',
    ]);
    expect(codes({ trading: { ...trading, matching: 'auction', reason: 'vi' } })).toEqual([
      'session_phase:not_continuous',
    ]);
    expect(codes({ entriesLastMinute: 5 })).toEqual(['entry_rate:entry_rate']);
    expect(codes({ symbols: new Set(['1', '2', '3']) })).toEqual(['positions:positions_limit']);
    expect(codes({ symbols: new Set(['1', '2', '005930']) })).toEqual([]);
    expect(codes({ positionValue: decimal(300_001) })).toEqual(['position_value:position_limit']);
  });

  it('counts fees as cash that is needed, to the won', () => {
    expect(codes({ cash: decimal(700_105) })).toEqual([]);
    expect(preTrade(context({ cash: decimal(700_104) }))).toEqual([
      { check: 'cash', code: 'cash_short', params: { needed: '700105', cash: '700104' } },
    ]);
  });

  it('sends nothing of a key that was used, unless a rejection gave it back', () => {
    const other = { id: 'o2' };
    const first = play(intent(other), [started, accepted]).order;
    expect(codes({ orders: [first] })).toEqual(['key:duplicate_order_skipped']);
    const unknown = play(intent(other), [started, lost]).order;
    expect(codes({ orders: [unknown] })).toEqual([
      'key:duplicate_order_skipped',
      'unacknowledged:order_unacknowledged',
    ]);
    const absent: OrderEvent = {
      kind: 'proven_absent',
      attempt: 1,
      at: second(30),
      reason: { code: 'abandoned', params: {} },
    };
    expect(codes({ orders: [play(unknown, [absent]).order] })).toEqual(['key:duplicate_order_skipped']);
    const no: OrderEvent = {
      kind: 'rejected',
      attempt: 1,
      at: second(2),
      reason: { code: 'no', params: {} },
    };
    expect(codes({ orders: [play(intent(other), [started, no]).order] })).toEqual([]);
    expect(codes({ orders: [play(intent(other), [{ kind: 'recovered', at: second(9) }]).order] })).toEqual(
      [],
    );
    expect(codes({ orders: [intent()] })).toEqual([]);
  });

  it('stops everything but a flatten when stopped', () => {
    expect(codes({ control: 'stopped', order: exitIntent() })).toEqual(['control:stopped']);
    expect(codes({ control: 'stopped', order: exitIntent(), flatten: true })).toEqual([]);
    expect(codes({ control: 'stopped', flatten: true })).toEqual(['entries_stopped:entries_stopped']);
  });

  it('never holds back an exit by what holds back entries', () => {
    const blocks = fc.record({
      control: fc.constantFrom('running' as const, 'entries_stopped' as const),
      protections: fc.subarray(['daily_loss', 'consecutive_losses', 'cooldown', 'max_drawdown']),
      quote: fc.constantFrom(
        { fresh: true as const, ageMs: 1 },
        { fresh: false as const, reason: 'no_quote' as const, ageMs: null },
        { fresh: false as const, reason: 'stale_quote' as const, ageMs: 99_999 },
      ),
      trading: fc.constantFrom<TradingNow>(
        trading,
        { ...trading, matching: 'auction', reason: 'vi' },
        { ...trading, matching: 'none', reason: 'halted' },
        { ...trading, matching: 'fixed_price', reason: 'post_close' },
      ),
      cash: fc.integer({ min: -1_000_000, max: 1_000_000 }).map(decimal),
      positionValue: fc.nat(10_000_000).map(decimal),
      symbols: fc.uniqueArray(fc.string({ maxLength: 3 })).map((some) => new Set(some)),
      entriesLastMinute: fc.nat(100),
      limits: fc.record({
        positionValue: fc.nat(1_000_000).map(decimal),
        positions: fc.nat(3),
        entriesPerMinute: fc.nat(3),
      }),
      orders: fc.constantFrom([], [play(intent({ id: 'o9' }), [started, lost]).order]),
    });
    fc.assert(
      fc.property(blocks, (some) => {
        expect(codes({ ...some, order: exitIntent() })).toEqual([]);
      }),
    );
  });
});

const limits: ProtectionLimits = {
  dailyLoss: decimal(50_000),
  consecutiveLosses: 3,
  consecutivePauseMs: 600_000,
  cooldownMs: 60_000,
  maxDrawdown: decimal('0.1'),
};

function trades(...nets: number[]): ClosedTrade[] {
  return nets.map((net, index) => ({ symbol: '005930', closedAt: second(index), net: decimal(net) }));
}
function facts(parts: Partial<ProtectionFacts> = {}): ProtectionFacts {
  return {
    now: second(3_000),
    dayEnds: second(20_000),
    trades: [],
    unrealised: zero,
    equity: { peak: decimal(1_000_000), now: decimal(1_000_000) },
    ...parts,
  };
}
function held(parts: Partial<ProtectionFacts>): string[] {
  return protectionsOf(limits, facts(parts)).map((each) => each.code);
}

describe('protections', () => {
  it('stop for the day at the loss, open positions included', () => {
    expect(held({ trades: trades(-49_999) })).toEqual([]);
    expect(protectionsOf(limits, facts({ trades: trades(-30_000), unrealised: decimal(-20_000) }))).toEqual([
      { code: 'daily_loss', symbol: null, until: second(20_000), params: { loss: '50000', limit: '50000' } },
    ]);
    expect(held({ trades: trades(-60_000), unrealised: decimal(20_000) })).toEqual([]);
  });

  it('pause after losses in a row, which a gain breaks and a draw does not', () => {
    const now = second(300);
    expect(held({ now, trades: trades(-1, -1) })).toEqual([]);
    expect(held({ now, trades: trades(-1, -1, -1) })).toEqual(['consecutive_losses']);
    expect(held({ now, trades: trades(-1, 0, -1, -1) })).toEqual(['consecutive_losses']);
    expect(held({ now, trades: trades(-1, -1, 1, -1) })).toEqual([]);
    expect(held({ now: second(602), trades: trades(-1, -1, -1) })).toEqual([]);
  });

  it('cool a symbol down after a loss, and only that symbol', () => {
    const some = protectionsOf(limits, facts({ now: second(59), trades: trades(-1) }));
    expect(some).toEqual([
      { code: 'cooldown', symbol: '005930', until: second(60), params: { symbol: '005930' } },
    ]);
    expect([holding(some, '005930'), holding(some, '000660')]).toEqual([['cooldown'], []]);
    expect(held({ now: second(60), trades: trades(-1) })).toEqual([]);
  });

  it('stop at the drawdown until a person resumes', () => {
    expect(held({ equity: { peak: decimal(1_000_000), now: decimal(900_001) } })).toEqual([]);
    expect(
      protectionsOf(limits, facts({ equity: { peak: decimal(1_000_000), now: decimal(900_000) } })),
    ).toEqual([
      { code: 'max_drawdown', symbol: null, until: null, params: { drawdown: '0.1', limit: '0.1' } },
    ]);
  });

  it('lose none when losses grow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -40_000, max: 40_000 }), { maxLength: 8 }),
        fc.nat(100_000),
        (nets, more) => {
          const before = held({ trades: trades(...nets) });
          const after = held({ trades: trades(...nets), unrealised: decimal(-more) });
          expect(after).toEqual(expect.arrayContaining(before));
        },
      ),
    );
  });
});
