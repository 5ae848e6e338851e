import { expect } from 'vitest';
import { simulatedSymbol } from '#domain/simulation/config.ts';
import { booksDiffer, holdFaults, playbackFaults } from '#db/testing/trading-books.ts';
import type { TestDatabase } from '#db/testing/database.ts';
import { makeTradingDesk, seoul, startTraders } from '#db/testing/trading-desk.ts';
import { deskView } from '#db/testing/trading-views.ts';
import { enterNow } from './enter.ts';
import { type TradingDay, tradingDay } from './trading-day.ts';

export const symbol = '900110';
export const otherSymbol = '900120';
const date = '2026-11-23';
/** An instant of the desk's day, in Seoul's wall time. */
export const at = (time: string, day = date) => seoul(`${day} ${time}`);
/** A line of the market's script: bid and ask at the price, unless they are given. */
export const line = (time: string, price: number, more: object = {}) => ({
  symbol,
  at: at(time).toISOString(),
  price,
  bid: price,
  ask: price,
  ...more,
});

export const rules = {
  capital_per_position: '7000000',
  entry_confidence: 0,
  take_profit: null,
  exit_retry_sec: 5,
};

/** A desk at ten o'clock whose one symbol stands at 70,000, and a trader that holds 100 of it. */
export async function holdingDesk(database: TestDatabase): Promise<TradingDay> {
  const { db } = database;
  const made = [symbol, otherSymbol].map((each) =>
    simulatedSymbol.parse({ symbol: each, name: each, market: 'KOSPI', price: 70_000 }),
  );
  const config = { halt_chance: 0, script: [line('09:00:00', 70_000)] };
  await makeTradingDesk(db, { at: at('09:59:59'), symbols: made, config, history: false });
  await startTraders(db, [{ id: 'one', definition: { name: 'One', strategy: 'SmaCross', rules } }]);
  const desk = await tradingDay(database);
  await desk.at(at('10:00:00'));
  await enterNow(db, 'mock', 'one', symbol);
  await desk.at(at('10:00:01'));
  const { state } = await deskView(db).trader('one');
  expect(state).toMatchObject({ phase: 'HOLDING', symbol });
  return desk;
}

/** No illegal move, no symbol shared, and both books the same. */
export async function sound({ db }: TestDatabase): Promise<void> {
  expect(await playbackFaults(db)).toEqual([]);
  expect(await holdFaults(db)).toEqual([]);
  expect(await booksDiffer(db)).toEqual([]);
}
