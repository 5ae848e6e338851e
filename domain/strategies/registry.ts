import { donchian } from './donchian.ts';
import { rsiReversion } from './rsi.ts';
import { smaCross } from './sma-cross.ts';
import type { Strategy } from './strategy.ts';
import { volatilityBreakout } from './volatility-breakout.ts';
import { volumeLongCandle } from './volume-long-candle.ts';
import { volumeZoneBreakout } from './volume-zone-breakout.ts';

const strategies: ReadonlyMap<string, Strategy> = new Map(
  [volumeZoneBreakout, volumeLongCandle, volatilityBreakout, smaCross, rsiReversion, donchian].map(
    (strategy) => [strategy.name, strategy],
  ),
);

/** Names of the built-in strategies, in the order a list shows them. */
export const strategyNames: readonly string[] = [...strategies.keys()];

/** The strategy of this name, undefined when there is none. */
export function strategyNamed(name: string): Strategy | undefined {
  return strategies.get(name);
}
