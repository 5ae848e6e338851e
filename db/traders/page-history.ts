import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import { plain } from '#domain/core/decimal.ts';
import type { ScanView, TransitionView } from '#domain/traders/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { accounts } from '#db/accounts/schema.ts';
import { instruments } from '#db/market/schema.ts';
import { passedList, reasonView, transitionHead } from './page-view.ts';
import { scans, traderTransitions, traders } from './schema.ts';

export function transitionView(row: typeof traderTransitions.$inferSelect): TransitionView {
  return {
    ...transitionHead(row),
    details: { ...row.details },
    price: row.price === null ? null : plain(row.price),
    quantity: row.quantity === null ? null : plain(row.quantity),
    effects: row.effects.map((effect) => ({ ...effect })),
  };
}

interface PageQuery {
  readonly day?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A cursor is a number in digits; anything else begins anew. */
const numberOf = (cursor: string | undefined) =>
  cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : null;

/** A trader's transitions, newest first; of one trading day or of all. */
export async function listTransitions(
  q: Queryable,
  scope: string,
  trader: string,
  { day, limit, cursor }: PageQuery,
): Promise<{ items: TransitionView[]; next_cursor: string | null }> {
  const before = numberOf(cursor);
  const found = await q
    .select()
    .from(traderTransitions)
    .where(
      and(
        eq(traderTransitions.scope, scope),
        eq(traderTransitions.trader, trader),
        day === undefined ? undefined : eq(traderTransitions.tradingDay, day),
        before === null ? undefined : lt(traderTransitions.seq, before),
      ),
    )
    .orderBy(desc(traderTransitions.seq))
    .limit(limit + 1);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(transitionView),
    next_cursor: found.length > limit && last !== undefined ? String(last.seq) : null,
  };
}

/** Names of symbols as the trader's account sees them. */
export async function symbolNames(
  q: Queryable,
  scope: string,
  trader: string,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (symbols.length === 0) return new Map();
  const found = await q
    .select({ symbol: instruments.symbol, name: instruments.name })
    .from(traders)
    .innerJoin(accounts, and(eq(accounts.scope, traders.scope), eq(accounts.id, traders.account)))
    .innerJoin(instruments, and(eq(instruments.venue, accounts.venue), eq(instruments.source, accounts.feed)))
    .where(
      and(
        eq(traders.scope, scope),
        eq(traders.id, trader),
        inArray(instruments.symbol, [...new Set(symbols)]),
      ),
    );
  return new Map(found.map(({ symbol, name }) => [symbol, name]));
}

/** A trader's scans with their candidates, newest first; of one trading day or of all. */
export async function listScans(
  q: Queryable,
  scope: string,
  trader: string,
  { day, limit, cursor }: PageQuery,
): Promise<{ items: ScanView[]; next_cursor: string | null }> {
  const before = numberOf(cursor);
  const found = await q
    .select()
    .from(scans)
    .where(
      and(
        eq(scans.scope, scope),
        eq(scans.trader, trader),
        day === undefined ? undefined : eq(scans.tradingDay, day),
        before === null ? undefined : lt(scans.id, before),
      ),
    )
    .orderBy(desc(scans.id))
    .limit(limit + 1);
  const shown = found.slice(0, limit);
  const symbols = shown.flatMap(({ candidates }) => candidates.map(({ symbol }) => symbol));
  const names = await symbolNames(q, scope, trader, symbols);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      scan_id: String(row.id),
      at: row.at.toISOString(),
      trading_day: row.tradingDay,
      looked: row.looked,
      passed: passedList(row.passed),
      candidates: row.candidates
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ reason, ...candidate }) => ({
          ...candidate,
          name: names.get(candidate.symbol) ?? null,
          reason: reason === null ? null : reasonView(reason),
        })),
      took_ms: row.tookMs,
    })),
    next_cursor: found.length > limit && last !== undefined ? String(last.id) : null,
  };
}
