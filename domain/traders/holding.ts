import { plain } from '#domain/core/decimal.ts';
import type { Price } from '#domain/market/money.ts';
import { startExit } from './exiting.ts';
import { moved } from './rules.ts';
import { reasonOf } from './reasons.ts';
import type { Exiting, Holding, Idle, TraderReason } from './state.ts';
import { type Step, type TraderContext, type TraderEvent, pastFlatten } from './step-types.ts';

/** Whether a price ends a position bought at `average`: the stop loss and the take profit, both ends included. */
export function stopReason(average: Price, { quote, rules }: TraderContext): TraderReason | null {
  if (quote === null) return null;
  const { last } = quote;
  // Percent, to two places, as a person reads it.
  const changePct = last.dividedBy(average).minus(1).times(100).toDecimalPlaces(2).toNumber();
  const params = { entry: plain(average), price: plain(last), change_pct: changePct };
  if (rules.stop_loss !== null && last.lessThanOrEqualTo(moved(average, -rules.stop_loss)))
    return reasonOf('stop_loss', { ...params, limit_pct: pct(-rules.stop_loss) });
  if (rules.take_profit !== null && last.greaterThanOrEqualTo(moved(average, rules.take_profit)))
    return reasonOf('take_profit', { ...params, limit_pct: pct(rules.take_profit) });
  return null;
}

function pct(share: number): number {
  return Number((share * 100).toFixed(4));
}

/** Looks at a position: the day's end first, then the stops. */
export function watchPosition(state: Holding, context: TraderContext): Step<Holding | Exiting | Idle> {
  const { position } = state;
  const reason = pastFlatten(context)
    ? reasonOf('flatten_before', {})
    : stopReason(position.average, context);
  return reason === null ? { state, effects: [] } : startExit(state, position, reason, context);
}

export function exitOnSignal(
  state: Holding,
  event: Extract<TraderEvent, { kind: 'exit_signal' }>,
  context: TraderContext,
): Step<Holding | Exiting | Idle> {
  if (event.confidence < context.rules.exit_confidence) {
    const limit = context.rules.exit_confidence;
    const reason = reasonOf('exit_confidence_low', {
      confidence: event.confidence,
      limit,
      cause: event.reason.code,
    });
    return { state, effects: [{ kind: 'record', reason }] };
  }
  return startExit(state, state.position, event.reason, context);
}

/** The broker holds less than we thought: somebody sold by hand. What is left is what we hold. */
export function soldElsewhere<S extends Holding | Exiting>(
  state: S,
  held: Holding['position']['quantity'],
): Step<S | Idle> {
  const { seq, settled, symbol, token, position } = state;
  const reason = reasonOf('sold_elsewhere', {
    symbol,
    expected: plain(position.quantity),
    held: plain(held),
  });
  const alert = { kind: 'alert', severity: 'warning', reason } as const;
  if (held.isZero())
    return {
      state: { phase: 'IDLE', seq, settled },
      effects: [alert, { kind: 'release_symbol', symbol, token }],
    };
  return { state: { ...state, position: { ...position, quantity: held } }, effects: [alert] };
}
