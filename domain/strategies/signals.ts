import { type Candles, decimalsOf } from './candles.ts';
import { type ExitPlan, type PreparedStrategy, type Signal, planOver, verdict } from './strategy.ts';

/** An entry that a strategy called, with the candle that gave it. */
export interface EntrySignal {
  readonly signal: Signal;
  /** Opening of the candle, milliseconds. */
  readonly ts: number;
}

const noEntry = { entry: null, exit: null } as const;

/**
 * What a strategy says of candles up to now: its newest entry among the candles that opened at `since` or later, and the
 * exit of the last one. Entries are events of their bar, so those since the last look count; an exit is a state.
 * @param since milliseconds.
 */
export function signalsOf(
  strategy: PreparedStrategy,
  candles: Candles,
  since: number,
): { readonly entry: EntrySignal | null; readonly exit: Signal | null } {
  const { length, ts, open, high, low, close, volume, day } = candles;
  if (length === 0) return noEntry;
  const state = strategy.start({ decimals: decimalsOf(close) });
  let entry: EntrySignal | null = null;
  for (let i = 0; i < length; i += 1) {
    const at = ts[i] ?? 0;
    const said = state.next(
      open[i] ?? 0,
      high[i] ?? 0,
      low[i] ?? 0,
      close[i] ?? 0,
      volume[i] ?? 0,
      day[i] ?? 0,
    );
    if (at < since || (said & verdict.enter) === 0) continue;
    const signal = state.entry();
    if (signal !== null) entry = { signal, ts: at };
  }
  return { entry, exit: state.exit() };
}

/**
 * Why a position opened at an instant ends now by the strategy: its signal on the newest candle, else its plan.
 * @param openedAt milliseconds.
 */
export function exitOf(
  strategy: PreparedStrategy,
  candles: Candles,
  openedAt: number,
): Pick<Signal, 'confidence' | 'reason'> | null {
  const { exit } = signalsOf(strategy, candles, Infinity);
  return exit ?? planned(strategy.exitPlan, candles, openedAt);
}

/** A plan is no guess: it is followed whatever confidence signals need. */
function planned(
  plan: ExitPlan,
  { ts, day, length }: Candles,
  openedAt: number,
): Pick<Signal, 'confidence' | 'reason'> | null {
  const bar = ts.findLastIndex((start) => start <= openedAt);
  const last = day[length - 1];
  if (bar < 0 || last === undefined) return null;
  const reason = planOver(plan, { bars: length - 1 - bar, entryDay: day[bar] ?? last, day: last });
  return reason === null ? null : { confidence: 1, reason };
}
