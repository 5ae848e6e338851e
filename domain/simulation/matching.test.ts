import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { marketConfig, simulatedSymbol } from './config.ts';
import { type SimulatedWorld, advanceMarket } from './market.ts';
import { type Execution, type WorkingOrder, inLine } from './orders.ts';
import { freshSymbol, packed, unpacked } from './symbol.ts';

const seoul = (text: string) => Date.parse(`2026-11-20T${text}+09:00`);
const from = seoul('08:50:00');
const to = seoul('09:20:00');
const symbol = simulatedSymbol.parse({
  symbol: '900110',
  name: '한빛반도체',
  market: 'KOSPI',
  price: 70_000,
  daily_volume: 200_000,
});

function world(over: Parameters<typeof marketConfig.parse>[0] = {}): SimulatedWorld {
  const config = marketConfig.parse({ halt_chance: 0, ...(over as object) });
  return { seed: 3, calendar: builtinCalendar('XKRX'), symbols: [symbol], config };
}

const order = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  limit: fc.option(
    fc.integer({ min: 685, max: 715 }).map((hundreds) => hundreds * 100),
    { nil: null },
  ),
  quantity: fc.integer({ min: 1, max: 3_000 }),
  from: fc.integer({ min: 0, max: 1_700 }).map((second) => from + second * 1_000),
});
const numbered = (
  list: readonly { side: 'buy' | 'sell'; limit: number | null; quantity: number; from: number }[],
) =>
  list.map(({ quantity, ...rest }, number): WorkingOrder => ({
    number,
    symbol: symbol.symbol,
    remaining: quantity,
    ...rest,
  }));

describe('matching', () => {
  it('never fills more than was ordered, nor beyond a limit, nor sooner than it may', () => {
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 12 }), (list) => {
        const orders = numbered(list);
        const of = world();
        const { executions } = advanceMarket(of, [freshSymbol(symbol, from)], from, to, orders);
        for (const [number, asked] of list.entries()) {
          const own = executions.filter((each) => each.number === number);
          const filled = own.reduce((sum, { quantity }) => sum + quantity, 0);
          expect(filled).toBe(asked.quantity - (orders[number]?.remaining ?? 0));
          expect(filled).toBeLessThanOrEqual(asked.quantity);
          for (const { price, at, quantity } of own) {
            expect(quantity).toBeGreaterThan(0);
            expect(at).toBeGreaterThanOrEqual(asked.from);
            if (asked.limit === null) continue;
            if (asked.side === 'buy') expect(price).toBeLessThanOrEqual(asked.limit);
            else expect(price).toBeGreaterThanOrEqual(asked.limit);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does the same however time is cut', () => {
    fc.assert(
      fc.property(
        fc.array(order, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 1_799 }), { maxLength: 12 }),
        (list, cuts) => {
          const of = world();
          const whole = advanceMarket(of, [freshSymbol(symbol, from)], from, to, numbered(list));
          const orders = numbered(list);
          let market = [freshSymbol(symbol, from)];
          const executions: Execution[] = [];
          let at = from;
          const stops = [...new Set(cuts)].sort((a, b) => a - b).map((second) => from + second * 1_000);
          for (const stop of [...stops, to]) {
            executions.push(...advanceMarket(of, market, at, stop, orders).executions);
            market = market.map((state) => unpacked(packed(state)));
            at = stop;
          }
          expect(executions).toEqual(whole.executions);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('serves the better price first, then the earlier order, at the market before any limit', () => {
    fc.assert(
      fc.property(fc.array(order, { minLength: 2, maxLength: 10 }), (list) => {
        const script = [
          {
            symbol: symbol.symbol,
            at: new Date(from).toISOString(),
            price: 70_000,
            bid: 70_000,
            ask: 70_000,
            bid_size: 500,
            ask_size: 500,
          },
        ];
        const orders = numbered(list.map((each) => ({ ...each, from })));
        const of = world({ script });
        // One second of continuous trading after the auction: 500 on each side, then 500 more.
        const { executions } = advanceMarket(
          of,
          [freshSymbol(symbol, from)],
          from,
          seoul('09:00:01'),
          orders,
        );
        for (const side of ['buy', 'sell'] as const) {
          const line = orders
            .filter((each) => each.side === side)
            .filter(({ limit }) => limit === null || (side === 'buy' ? limit >= 70_000 : limit <= 70_000))
            .sort(inLine);
          const taken = executions.filter(({ number }) => orders[number]?.side === side);
          expect(taken.reduce((sum, { quantity }) => sum + quantity, 0)).toBeLessThanOrEqual(1_000);
          // Whoever comes after one that still waits has got nothing.
          const waiting = line.findIndex(({ remaining }) => remaining > 0);
          const behind = waiting === -1 ? [] : line.slice(waiting + 1);
          for (const { number } of behind) expect(taken.filter((each) => each.number === number)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('fills nothing in a halt, on the missing side of a lock, or where fills are blocked', () => {
    const line = { symbol: symbol.symbol, at: new Date(from).toISOString(), price: 70_000 };
    const filled = (config: Parameters<typeof marketConfig.parse>[0], side: 'buy' | 'sell') => {
      const orders = numbered([{ side, limit: side === 'buy' ? 91_000 : 49_000, quantity: 5, from }]);
      return advanceMarket(world(config), [freshSymbol(symbol, from)], from, to, orders).executions.length;
    };
    expect(filled({ script: [line] }, 'buy')).toBeGreaterThan(0);
    expect(filled({ script: [{ ...line, state: 'halted' }] }, 'buy')).toBe(0);
    expect(filled({ script: [{ ...line, state: 'vi' }] }, 'sell')).toBe(0);
    const locked = { ...line, price: 91_000, bid: 91_000, ask: null };
    expect(filled({ script: [locked] }, 'buy')).toBe(0);
    expect(filled({ script: [locked] }, 'sell')).toBeGreaterThan(0);
    expect(filled({ script: [line], faults: { block_fills: true } }, 'buy')).toBe(0);
    expect(filled({ script: [line], faults: { block_fills: [symbol.symbol] } }, 'sell')).toBe(0);
  });

  it('gives an eager order the market’s prices, not its own', () => {
    const of = world();
    const { bars } = advanceMarket(of, [freshSymbol(symbol, from)], from, to, []);
    const low = Math.min(...bars.map((bar) => bar.low));
    const high = Math.max(...bars.map((bar) => bar.high));
    const start = seoul('09:01:00');
    for (const side of ['buy', 'sell'] as const) {
      const limit = side === 'buy' ? 90_000 : 50_000;
      const orders = numbered([{ side, limit, quantity: 20_000, from: start }]);
      const { executions } = advanceMarket(of, [freshSymbol(symbol, from)], from, to, orders);
      expect(executions.length).toBeGreaterThan(2);
      // The other side may stand a tick beyond what was traded.
      for (const { price } of executions) {
        expect(price).toBeGreaterThanOrEqual(low - 100);
        expect(price).toBeLessThanOrEqual(high + 100);
      }
    }
  });

  it('gives an interruption that ends one price', () => {
    const at = (time: string) => new Date(seoul(time)).toISOString();
    const script = [
      { symbol: symbol.symbol, at: at('08:50:00'), price: 70_000 },
      { symbol: symbol.symbol, at: at('09:05:00'), price: 73_000, state: 'vi' as const },
      { symbol: symbol.symbol, at: at('09:07:10'), price: 72_500 },
    ];
    const orders = numbered([{ side: 'buy', limit: 73_500, quantity: 5, from: seoul('09:05:00') }]);
    const market = [freshSymbol(symbol, from)];
    const { executions } = advanceMarket(world({ script }), market, from, to, orders);
    expect(executions).toEqual([{ number: 0, at: seoul('09:07:10'), price: 72_500, quantity: 5 }]);
  });
});
