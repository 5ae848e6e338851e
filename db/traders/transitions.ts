import type { Decimal } from '#domain/core/decimal.ts';
import { runtimeReason } from '#domain/traders/reasons.ts';
import type { TraderReason, TraderState } from '#domain/traders/state.ts';
import type { TraderContext, TraderEffect, TraderEvent } from '#domain/traders/step-types.ts';
import { symbolOf, workOf } from './rows.ts';
import type { traderTransitions } from './schema.ts';

export type TransitionRow = typeof traderTransitions.$inferInsert;

/** One step as it was made. */
export interface MadeStep {
  readonly event: TraderEvent;
  readonly before: TraderState;
  readonly after: TraderState;
  readonly effects: readonly TraderEffect[];
  readonly quote: TraderContext['quote'];
}

type Json = Readonly<Record<string, unknown>>;

/** Amounts become text, instants ISO text. */
function asJson(value: TraderEvent | TraderEffect): Json {
  const { kind: _kind, ...rest } = value;
  const stored: Json = JSON.parse(JSON.stringify(rest));
  return stored;
}

/** Whether a step is worth a line: something moved, or something is done about it. */
export function isWorthStoring({ before, after, effects }: MadeStep): boolean {
  return (
    effects.length > 0 || before.phase !== after.phase || JSON.stringify(before) !== JSON.stringify(after)
  );
}

/** The row of a step; `seq` is the trader's `state_version` after it. */
export function transitionOf(
  step: MadeStep,
  at: { readonly scope: string; readonly trader: string; readonly tradingDay: string; readonly now: Date },
  seq: number,
): TransitionRow {
  const { event, before, after, effects } = step;
  return {
    scope: at.scope,
    trader: at.trader,
    seq,
    at: at.now,
    tradingDay: at.tradingDay,
    event: event.kind,
    details: asJson(event),
    from: before.phase,
    to: after.phase,
    symbol: symbolOf(after) ?? symbolOf(before) ?? ('symbol' in event ? event.symbol : null),
    price: step.quote?.last ?? null,
    quantity: quantityOf(step),
    effects: effects.map((effect) => ({ kind: effect.kind, ...asJson(effect) })),
    reason: gravest(step),
  };
}

function quantityOf({ event, effects, after }: MadeStep): Decimal | null {
  const placed = effects.find((effect) => effect.kind === 'place_order');
  if (placed !== undefined) return placed.quantity;
  if (event.kind === 'order') return event.filled;
  const work = workOf(after);
  return 'position' in work ? work.position.quantity : null;
}

/** Why it was done: what somebody is called for first, then what was done to orders, then the event's own words. */
function gravest({ event, before, after, effects }: MadeStep): TraderReason | null {
  const work = workOf(after);
  const turned = work.phase === 'EXITING' && workOf(before).phase !== 'EXITING' ? work.exit.reason : null;
  const of = (pick: (effect: TraderEffect) => boolean): TraderReason | null => {
    const found = effects.find(pick);
    return found !== undefined && 'reason' in found ? found.reason : null;
  };
  return (
    of((effect) => effect.kind === 'alert' && effect.severity === 'critical') ??
    turned ??
    of((effect) => effect.kind === 'alert') ??
    of(({ kind }) => kind === 'place_order' || kind === 'cancel_order' || kind === 'revise_order') ??
    of(({ kind }) => kind === 'stop_account_for_day') ??
    said(event) ??
    of(({ kind }) => kind === 'record')
  );
}

function said(event: TraderEvent): TraderReason | null {
  if (event.kind === 'symbol_refused') return event.why;
  if (event.kind === 'order')
    return event.rejection === null ? null : runtimeReason('order_refused', { cause: event.rejection });
  return 'reason' in event ? event.reason : null;
}
