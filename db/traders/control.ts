import { and, eq, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, invalidField, notFound } from '#domain/core/errors.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import { traderDefinition, traderId } from '#domain/traders/definition.ts';
import { runtimeReason } from '#domain/traders/reasons.ts';
import { freshTrader } from '#domain/traders/state.ts';
import type { Control } from '#domain/accounts/control.ts';
import { lockControls, makeControl } from '#db/accounts/controls.ts';
import type { Transaction } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { acquireSymbol, lockSymbol, markPosition } from '#db/locks/symbols.ts';
import { orders } from '#db/orders/schema.ts';
import { stepBlind } from './halt.ts';
import {
  type TraderRow,
  accountOf,
  fetchTrader,
  lockTrader,
  stateOf,
  storedState,
  symbolOf,
  workOf,
} from './rows.ts';
import { protections, traders } from './schema.ts';

const named = z.object({ trader_id: traderId });
const reasonText = z.string().trim().min(1).max(300);

/** What an operation answers; pages read the rest. */
const answerOf = (row: Pick<TraderRow, 'id' | 'version' | 'started' | 'phase'>) => ({
  trader_id: row.id,
  version: row.version,
  started: row.started,
  phase: row.phase,
});

/** Locks in the order of everybody: switches, then the trader. @throws Problem 404. */
async function lockedTrader(
  { tx, scope }: ScopedContext,
  id: string,
): Promise<{ row: TraderRow; control: Control }> {
  const { account } = await fetchTrader(tx, scope.name, id);
  const control = await lockControls(tx, scope.name, account, id);
  const row = await lockTrader(tx, scope.name, id);
  if (row === null) throw notFound('trader', id);
  return { row, control };
}

function noted({ scope, audit, change }: ScopedContext, id: string, before: unknown, after: unknown): void {
  audit({ entityType: 'trader', entityId: `${scope.name}/${id}`, before, after });
  change('traders', id);
}

/** A trader with its switch; it does nothing before it is started. @throws Problem 400, 409. */
export const createTrader = scopedOperation({
  name: 'create_trader',
  permission: 'traders.control',
  input: z.object({ trader_id: traderId, account: z.string().min(1).max(100), definition: traderDefinition }),
  async run(context, { trader_id: id, account, definition }) {
    const { tx, scope, now } = context;
    if ((await accountOf(tx, scope.name, account)) === null)
      throw invalidField('account', 'account_unknown', `there is no account "${account}"`, { account });
    const [row] = await tx
      .insert(traders)
      .values({
        scope: scope.name,
        id,
        account,
        definition,
        phase: freshTrader.phase,
        state: storedState(freshTrader),
        phaseSince: now,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning();
    if (row === undefined)
      throw conflict('trader_exists', `There is, or was, a trader "${id}" here: choose another id.`, { id });
    await makeControl(tx, scope.name, 'trader', id);
    noted(context, id, null, { account, definition });
    return answerOf(row);
  },
});

/**
 * Replaces a trader's definition. Rules count from its next step on; what it holds stays.
 * @throws Problem 409 when it was edited meanwhile.
 */
export const editTrader = scopedOperation({
  name: 'edit_trader',
  permission: 'traders.control',
  input: named.extend({ version: z.int().min(1), definition: traderDefinition }),
  async run(context, { trader_id: id, version, definition }) {
    const { tx } = context;
    const { row } = await lockedTrader(context, id);
    if (row.version !== version)
      throw conflict(
        'trader_version_stale',
        `The trader was edited meanwhile: it is at version ${row.version}, you edited version ${version}.`,
        { current: row.version, given: version },
      );
    if (JSON.stringify(row.definition) === JSON.stringify(definition)) return answerOf(row);
    const after = await update(tx, row, { definition, version: version + 1 });
    noted(context, id, row.definition, definition);
    return answerOf(after);
  },
});

async function update(
  tx: Transaction,
  row: TraderRow,
  set: Partial<typeof traders.$inferInsert>,
): Promise<TraderRow> {
  const [after] = await tx
    .update(traders)
    .set(set)
    .where(and(eq(traders.scope, row.scope), eq(traders.id, row.id)))
    .returning();
  if (after === undefined) throw notFound('trader', row.id);
  return after;
}

function starting(name: 'start_trader' | 'stop_trader', started: boolean) {
  return scopedOperation({
    name,
    permission: 'traders.control',
    input: named,
    async run(context, { trader_id: id }) {
      const { row } = await lockedTrader(context, id);
      if (row.started === started) return answerOf(row);
      const after = await update(context.tx, row, { started, ...(started ? { lastScanAt: null } : {}) });
      noted(context, id, { started: row.started }, { started });
      return answerOf(after);
    },
  });
}

/** Lets a trader look for entries; its first scan comes with the next trading cycle. */
export const startTrader = starting('start_trader', true);

/** Ends its looking for entries. What it holds or has asked for it still sees to the end. */
export const stopTrader = starting('stop_trader', false);

/** Halts a trader where it stands: an open entry is cancelled, a position is held without being watched. */
export const haltTrader = scopedOperation({
  name: 'halt_trader',
  permission: 'traders.control',
  input: named.extend({ reason: reasonText }),
  async run(context, { trader_id: id, reason }) {
    const { tx, now, actor } = context;
    const { row } = await lockedTrader(context, id);
    const why = runtimeReason('halted_by_person', { actor: actor.name, note: reason });
    await stepBlind(tx, row, { kind: 'halt', reason: why }, now);
    const after = await fetchTrader(tx, row.scope, id);
    if (after.phase !== row.phase) noted(context, id, { phase: row.phase }, { phase: after.phase, reason });
    return answerOf(after);
  },
});

/**
 * Lets a halted trader go on where it stopped. It needs its symbol for that: a hold that was lost is taken again, and
 * protections that wait for a person end.
 * @throws Problem 409 when another has the symbol; in real without the scope's name and a reason 400.
 */
export const resumeTrader = scopedOperation({
  name: 'resume_trader',
  permission: 'traders.control',
  input: named.extend({ reason: reasonText.optional(), confirm: z.string().max(100).optional() }),
  async run(context, { trader_id: id, reason, confirm }) {
    const { tx, scope, now } = context;
    if (scope.kind === 'real' && confirm !== scope.name)
      throw invalidField('confirm', 'confirm_scope', `type the scope's name, ${scope.name}`, {
        scope: scope.name,
      });
    if (scope.kind === 'real' && reason === undefined)
      throw invalidField('reason', 'reason_missing', 'say why it may go on');
    const { row } = await lockedTrader(context, id);
    if (row.phase === 'HALTED') {
      await retakeSymbol(tx, row);
      await stepBlind(tx, row, { kind: 'resume' }, now);
    }
    await tx
      .update(protections)
      .set({ endedAt: now })
      .where(
        and(
          eq(protections.scope, scope.name),
          eq(protections.trader, id),
          sql`${protections.endedAt} is null and ${protections.until} is null`,
        ),
      );
    const after = await fetchTrader(tx, scope.name, id);
    noted(context, id, { phase: row.phase }, { phase: after.phase, reason: reason ?? null });
    return answerOf(after);
  },
});

/** @throws Problem 409 `symbol_taken` when its symbol went to another while it stood. */
async function retakeSymbol(tx: Transaction, row: TraderRow): Promise<void> {
  const state = stateOf(row);
  const work = workOf(state);
  const symbol = symbolOf(state);
  if (symbol === null || state.phase !== 'HALTED' || !('token' in work)) return;
  const held = await lockSymbol(tx, row.scope, symbol);
  if (held?.hold.trader === row.id && held.hold.fencing === work.token) return;
  const answer = await acquireSymbol(tx, row.scope, symbol, row.id);
  if (!answer.taken)
    throw conflict('symbol_taken', `${symbol} is not ${row.id}'s any more: release it first.`, {
      symbol,
      trader: answer.trader,
    });
  if ('position' in work)
    await markPosition(tx, row.scope, { symbol, trader: row.id, token: answer.token }, true);
  const taken = { ...state, was: { ...work, token: answer.token } };
  await update(tx, row, { state: storedState(taken) });
}

/** Takes a flat trader off the list; its transitions and orders stay. @throws Problem 409 while it is not flat. */
export const deleteTrader = scopedOperation({
  name: 'delete_trader',
  permission: 'traders.control',
  input: named,
  async run(context, { trader_id: id }) {
    const { tx, scope, now } = context;
    const { row } = await lockedTrader(context, id);
    const work = workOf(stateOf(row));
    const [open] = await tx
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(
          eq(orders.scope, scope.name),
          eq(orders.trader, id),
          notInArray(orders.state, [...endedOrderStates]),
        ),
      )
      .limit(1);
    if ((work.phase !== 'IDLE' && work.phase !== 'SCANNING') || open !== undefined)
      throw conflict('trader_not_flat', `"${id}" holds a position or has an open order: flatten it first.`, {
        id,
        phase: row.phase,
      });
    await update(tx, row, { deletedAt: now, started: false });
    noted(context, id, row.definition, null);
    return { trader_id: id };
  },
});
