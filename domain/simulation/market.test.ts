import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { weeklyCalendar } from '#domain/time/calendar/calendar.ts';
import { calendarDefinition } from '#domain/time/calendar/definition.ts';
import { type MarketConfig, marketConfig } from './config.ts';
import { type Bar, type SimulatedWorld, advanceMarket } from './market.ts';
import { type SymbolState, floorTick, freshSymbol, packed, ticksFor, unpacked } from './symbol.ts';
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
        const order = (a: Bar, b: Bar) => a.start - b.start || (a.symbol < b.symbol ? -1 : 1);
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
    const before = performance.now();
    const { bars } = run(world(), from, to);
    const took = performance.now() - before;
    console.info(`a day of 30 symbols: ${took.toFixed(0)} ms, ${bars.length} bars`);
    expect(took).toBeLessThan(2_000);
  });
});
