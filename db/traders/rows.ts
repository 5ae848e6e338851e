import { and, eq, isNull } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { type TraderReason, type TraderState, traderState } from '#domain/traders/state.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { traders } from './schema.ts';

export type TraderRow = typeof traders.$inferSelect;

const one = (scope: string, trader: string) =>
  and(eq(traders.scope, scope), eq(traders.id, trader), isNull(traders.deletedAt));

/** The machine's state as it was stored. @throws z.ZodError for a row that another build wrote otherwise. */
export function stateOf(row: Pick<TraderRow, 'state'>): TraderState {
  return traderState.parse(row.state);
}

/** A state as its row keeps it: amounts as text. */
export function storedState(state: TraderState): unknown {
  return JSON.parse(JSON.stringify(state));
}

/** What a trader works on: the same whether it is halted or not. */
export function workOf(state: TraderState): Exclude<TraderState, { phase: 'HALTED' }> {
  return state.phase === 'HALTED' ? state.was : state;
}

/** The symbol that a trader holds or has an order in; null while it has none. */
export function symbolOf(state: TraderState): string | null {
  const work = workOf(state);
  return 'symbol' in work ? work.symbol : null;
}

/** Params as the tables of orders and alerts keep them. */
export function plainReason({ code, params }: TraderReason): OrderReason {
  const entries = Object.entries(params).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'number' ? value : value === null ? '' : String(value),
  ]);
  return { code, params: Object.fromEntries(entries) };
}

/** Null when there is none, or it was deleted. */
export async function findTrader(q: Queryable, scope: string, trader: string): Promise<TraderRow | null> {
  const [row] = await q.select().from(traders).where(one(scope, trader));
  return row ?? null;
}

/** @throws Problem 404. */
export async function fetchTrader(q: Queryable, scope: string, trader: string): Promise<TraderRow> {
  const row = await findTrader(q, scope, trader);
  if (row === null) throw notFound('trader', trader);
  return row;
}

/** The row, locked until the transaction ends: controls are locked before it, symbols, books and orders after it. */
export async function lockTrader(tx: Transaction, scope: string, trader: string): Promise<TraderRow | null> {
  const [row] = await tx.select().from(traders).where(one(scope, trader)).for('update');
  return row ?? null;
}

export type AccountRow = typeof accounts.$inferSelect;

/** The account of a trader; null when there is none. */
export async function accountOf(q: Queryable, scope: string, id: string): Promise<AccountRow | null> {
  const [row] = await q
    .select()
    .from(accounts)
    .where(and(eq(accounts.scope, scope), eq(accounts.id, id)));
  return row ?? null;
}

/** The sources whose prices a scope's accounts see. */
export async function feedsSeen(q: Queryable, scope: string) {
  return q
    .selectDistinct({ venue: accounts.venue, source: accounts.feed })
    .from(accounts)
    .where(eq(accounts.scope, scope));
}
