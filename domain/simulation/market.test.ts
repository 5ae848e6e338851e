import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { weeklyCalendar } from '#domain/time/calendar/calendar.ts';
import { calendarDefinition } from '#domain/time/calendar/definition.ts';
import { type MarketConfig, marketConfig } from './config.ts';
import { type Bar, type SimulatedWorld, advanceMarket } from './market.ts';
import { type SymbolState, floorTick, freshSymbol, packed, states, ticksFor, unpacked } from './symbol.ts';
import { inventedSymbols } from './universe.ts';

const hours = { open: '00:00', close: '23:50' };
const demo = weeklyCalendar(
  'demo',
  calendarDefinition.parse({
    sessions: Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, hours]),
    ),
  }),
);
const seoul = (text: string) => Date.parse(`${text}+09:00`);

const order = (a: Bar, b: Bar) => a.start - b.start || (a.symbol < b.symbol ? -1 : 1);

function world(seed = 7, config: Partial<MarketConfig> = {}, symbols = inventedSymbols): SimulatedWorld {
  return {
    seed,
    calendar: builtinCalendar('XKRX'),
    symbols,
    config: { ...marketConfig.parse({}), ...config },
  };
}
const fresh = (of: SimulatedWorld, at: number) => of.symbols.map((symbol) => freshSymbol(symbol, at));

function run(of: SimulatedWorld, from: number, to: number): { bars: readonly Bar[]; market: SymbolState[] } {
  const market = fresh(of, from);
  const { bars } = advanceMarket(of, market, from, to, []);
  return { bars, market };
}

describe('the path of a simulated market', () => {
  const from = seoul('2026-11-20T08:00:00');
  const to = seoul('2026-11-20T20:10:00');

  it('is the same however its seconds are asked for', () => {
    const two = world(3, { halt_chance: 0.5, volatility: 3 }, inventedSymbols.slice(15, 17));
    const whole = run(two, from, to);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 43_799 }), { maxLength: 30 }), (cuts) => {
        let market = fresh(two, from);
        const bars: Bar[] = [];
        let at = from;
        for (const cut of [...new Set(cuts)].sort((a, b) => a - b).map((second) => from + second * 1_000)) {
          bars.push(...advanceMarket(two, market, at, cut, []).bars);
          // What is stored between calls is all that is needed.
          market = market.map((state) => unpacked(JSON.parse(JSON.stringify(packed(state))) as number[]));
          at = cut;
        }
        bars.push(...advanceMarket(two, market, at, to, []).bars);
        expect([...bars].sort(order)).toEqual([...whole.bars].sort(order));
        expect(market).toEqual(whole.market);
      }),
      { numRuns: 20 },
    );
  });

  it('repeats with its seed and differs with another', () => {
    const end = seoul('2026-11-20T09:10:00');
    expect(run(world(7), from, end)).toEqual(run(world(7), from, end));
    expect(run(world(8), from, end).bars).not.toEqual(run(world(7), from, end).bars);
  });

  it('takes a day of 30 symbols in well under two seconds', () => {
    const before = process.threadCpuUsage();
    const { bars } = run(world(), from, to);
    const { user } = process.threadCpuUsage(before);
    expect(bars.length).toBeGreaterThan(15_000);
    // Microseconds of this thread's own work: a busy machine is slow, not wrong.
    expect(user).toBeLessThan(2_000_000);
  });

  it('stays alive over a long day of a calendar that never rests', () => {
    const start = seoul('2026-11-20T00:00:00') - 1_000;
    const of = { ...world(42, {}, inventedSymbols.slice(10, 16)), calendar: demo };
    const market = fresh(of, start);
    const { bars } = advanceMarket(of, market, start, start + 3 * 86_400_000, []);
    for (const [index, symbol] of of.symbols.entries()) {
      const own = bars.filter((bar) => bar.symbol === symbol.symbol);
      // Of 4,290 minutes; without those of halts and interruptions.
      expect(own.length, symbol.symbol).toBeGreaterThan(4_000);
      const close = market[index]?.close ?? 0;
      expect(close).toBeGreaterThan(symbol.price * 0.5);
      expect(close).toBeLessThan(symbol.price * 2);
      const evening = own.slice(-120);
      expect(Math.max(...evening.map(({ high }) => high))).toBeGreaterThan(
        Math.min(...evening.map(({ low }) => low)),
      );
    }
  });

  it('keeps to ticks and limits, and its candles to their shape', () => {
    const of = world(9, { volatility: 4 }, inventedSymbols.slice(20));
    const { bars, market } = run(of, from, to);
    for (const [index, symbol] of of.symbols.entries()) {
      const state = market[index];
      const ticks = ticksFor(symbol, '2026-11-20');
      const [lower, upper] = [state?.lower ?? Infinity, state?.upper ?? 0];
      const wrong = bars
        .filter((bar) => bar.symbol === symbol.symbol)
        .filter(({ open, high, low, close, volume }) => {
          const prints = [open, high, low, close];
          const sound = prints.every((at) => floorTick(ticks, at) === at && at >= lower && at <= upper);
          return !sound || high < Math.max(open, close) || low > Math.min(open, close) || volume <= 0;
        });
      expect(wrong).toEqual([]);
    }
  });

  it('locks at a limit, interrupts and halts, and trades on afterwards', () => {
    const of = world(4, { volatility: 5, halt_chance: 0.3 }, inventedSymbols.slice(14, 26));
    const market = fresh(of, from);
    const seen = { vi: 0, halted: 0, locked: 0 };
    for (let at = from; at < seoul('2026-11-20T15:20:00'); at += 5_000) {
      advanceMarket(of, market, at, at + 5_000, []);
      for (const { state, until, ask, bid, upper, lower } of market) {
        if (state === states.vi) {
          seen.vi += 1;
          // Two minutes and up to thirty seconds.
          expect(until - at).toBeLessThanOrEqual(155_000);
        }
        if (state === states.halted) {
          seen.halted += 1;
          expect([bid, ask]).toEqual([0, 0]);
        }
        if (state === states.normal && bid === upper && ask === 0) seen.locked += 1;
        if (state === states.normal && ask === lower && bid === 0) seen.locked += 1;
      }
    }
    expect(seen.vi).toBeGreaterThan(0);
    expect(seen.halted).toBeGreaterThan(0);
    expect(seen.locked).toBeGreaterThan(0);
  });
});
