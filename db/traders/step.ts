import { eq, and } from 'drizzle-orm';
import { type TraderState, isLegalMove } from '#domain/traders/state.ts';
import { step } from '#domain/traders/step.ts';
import type { TraderContext, TraderEffect, TraderEvent } from '#domain/traders/step-types.ts';
import type { Control } from '#domain/accounts/control.ts';
import { lockControls } from '#db/accounts/controls.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { carryOut } from './effects.ts';
import { type TraderRow, lockTrader, stateOf, storedState, symbolOf } from './rows.ts';
import { traderTransitions, traders } from './schema.ts';
import { type MadeStep, isWorthStoring, transitionOf } from './transitions.ts';

/** The world as the caller saw it, for a trader whose row and switches are now locked. */
export type ContextOf = (seen: {
  readonly row: TraderRow;
  readonly state: TraderState;
  readonly symbol: string | null;
  readonly control: Control;
}) => TraderContext;

export interface Stepping {
  readonly scope: string;
  readonly account: string;
  readonly trader: string;
  /** The `state_version` that the caller decided on; null: whatever it is by now. */
  readonly version: number | null;
  readonly events: readonly TraderEvent[];
  readonly now: Date;
  readonly tradingDay: string;
  readonly contextOf: ContextOf;
}

export type Stepped =
  /** The trader is gone, or somebody else stepped it meanwhile: look again. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'stepped';
      readonly state: TraderState;
      readonly version: number;
      readonly steps: readonly MadeStep[];
    };

/** So many answers follow each other in one transaction at most; a machine that asks for more does not come to rest. */
const mostSteps = 5_000;

/**
 * Steps a trader in the caller's transaction: locks switches and row, makes the steps, carries out their effects and
 * stores state and transitions, all or nothing. What the world answers at once is stepped at once.
 * Locks in the order controls, trader, symbol, book, orders.
 */
export async function stepTrader(tx: Transaction, stepping: Stepping): Promise<Stepped> {
  const { scope, account, trader } = stepping;
  const control = await lockControls(tx, scope, account, trader);
  const row = await lockTrader(tx, scope, trader);
  if (row === null || (stepping.version !== null && row.stateVersion !== stepping.version))
    return { kind: 'stale' };
  const before = stateOf(row);
  const steps = await stepAll(tx, stepping, row, control, before);
  const state = steps.at(-1)?.after ?? before;
  const version = row.stateVersion + steps.length;
  if (steps.length > 0) await store(tx, stepping, row, before, steps);
  return { kind: 'stepped', state, version, steps };
}

async function stepAll(
  tx: Transaction,
  { events, now, tradingDay, contextOf }: Stepping,
  row: TraderRow,
  control: Control,
  first: TraderState,
): Promise<readonly MadeStep[]> {
  const queue = [...events];
  const steps: MadeStep[] = [];
  let state = first;
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    const symbol = 'symbol' in event ? event.symbol : symbolOf(state);
    const context = contextOf({ row, state, symbol, control });
    const next = step(state, event, context);
    if (!isLegalMove(state.phase, next.state.phase))
      throw new Error(`${row.id}: ${state.phase} -> ${next.state.phase} on ${event.kind} is no legal move.`);
    const made = { event, before: state, after: next.state, effects: next.effects, quote: context.quote };
    state = next.state;
    if (isWorthStoring(made)) steps.push(made);
    const answers = await carryOutAll({ tx, row, control, now, tradingDay }, next.effects, state);
    queue.unshift(...answers);
    if (steps.length > mostSteps) throw new Error(`${row.id} does not come to rest.`);
  }
  return steps;
}

async function carryOutAll(
  at: Parameters<typeof carryOut>[0],
  effects: readonly TraderEffect[],
  state: TraderState,
): Promise<readonly TraderEvent[]> {
  const answers: TraderEvent[] = [];
  for (const effect of effects) {
    const answer = await carryOut(at, effect, state);
    if (answer !== null) answers.push(answer);
  }
  return answers;
}

async function store(
  tx: Transaction,
  { scope, trader, now, tradingDay }: Stepping,
  row: TraderRow,
  before: TraderState,
  steps: readonly MadeStep[],
): Promise<void> {
  const state = steps.at(-1)?.after ?? before;
  const scanned = steps.some(({ event }) => event.kind === 'scan_due');
  await tx
    .insert(traderTransitions)
    .values(
      steps.map((made, index) =>
        transitionOf(made, { scope, trader, tradingDay, now }, row.stateVersion + index + 1),
      ),
    );
  await tx
    .update(traders)
    .set({
      phase: state.phase,
      state: storedState(state),
      stateVersion: row.stateVersion + steps.length,
      symbol: symbolOf(state),
      ...(state.phase === before.phase ? {} : { phaseSince: now }),
      ...(scanned ? { lastScanAt: now } : {}),
    })
    .where(and(eq(traders.scope, scope), eq(traders.id, trader)));
  await writeChanges(tx, [{ topic: 'traders', entity: trader, scope }]);
}
