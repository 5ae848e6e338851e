import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { type BrokerKey, type BrokerReport } from '#domain/orders/broker-order.ts';
import { type Drift, inOrder, reconcileOrders } from '#domain/orders/reconcile.ts';
import type { Order } from '#domain/orders/order.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import type { OrderEvent } from '#domain/orders/event.ts';
import { accountTerms, instrumentOf } from '#db/accounts/terms.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable, Transaction } from '#db/core/client.ts';
import { BookRefused, lockBook } from '#db/ledger/append.ts';
import { positions } from '#db/ledger/schema.ts';
import { lockSymbol, markPosition } from '#db/locks/symbols.ts';
import { type StoredOrder, isOpenRow, lockOrder, readOrders } from './rows.ts';
import { type Money, saveStep } from './save.ts';
import { brokerOrders, orders } from './schema.ts';

export interface ReportsTaken {
  /** Traders with an order that changed. */
  readonly traders: ReadonlySet<string>;
  /** How many orders had fills. */
  readonly filled: number;
  /** Broker orders that nobody owns. */
  readonly external: readonly BrokerReport[];
  /** Reports that cannot be true, and orders that are missing from a complete list. */
  readonly drift: readonly Drift[];
}

export interface Reports {
  readonly scope: string;
  readonly account: string;
  readonly reports: readonly BrokerReport[];
  /** When the broker was asked (scope time). */
  readonly at: Date;
  /** Whether it is the whole list since the oldest open order was sent. */
  readonly complete: boolean;
}

/** Orders that the reports are of, and those that are not over: the list must have them. */
async function concerned(
  q: Queryable,
  { scope, account, reports }: Reports,
): Promise<{ readonly stored: readonly StoredOrder[]; readonly known: ReadonlyMap<BrokerKey, Known> }> {
  const keys = [
    ...new Set(reports.flatMap(({ key, replaces }) => (replaces === null ? [key] : [key, replaces]))),
  ];
  const rows =
    keys.length === 0
      ? []
      : await q
          .select()
          .from(brokerOrders)
          .where(
            and(
              eq(brokerOrders.scope, scope),
              eq(brokerOrders.account, account),
              inArray(brokerOrders.key, keys),
            ),
          );
  const known = new Map(rows.map((row) => [row.key, row]));
  // Most rows of a list are of orders that are over and say nothing new.
  const news = reports.filter((report) => isNews(report, known.get(report.key)));
  const owners = new Set(
    news.flatMap(({ key, replaces }) =>
      [known.get(key)?.order, replaces === null ? null : known.get(replaces)?.order].filter(
        (id) => id != null,
      ),
    ),
  );
  const stored = await readOrders(
    q,
    and(
      eq(orders.scope, scope),
      eq(orders.account, account),
      owners.size === 0 ? isOpenRow : or(isOpenRow, inArray(orders.id, [...owners])),
    ),
  );
  return { stored, known };
}

type Known = typeof brokerOrders.$inferSelect;
const counts = ['filled', 'amount', 'cancelled', 'rejected', 'quantity'] as const;

function isNews(report: BrokerReport, known: Known | undefined): boolean {
  return known === undefined || counts.some((name) => !known[name].eq(report[name]));
}

/**
 * Takes in what the broker says of its orders, in one transaction per order that it changes: history, fills with their
 * fees and taxes, positions and the symbol's mark come about together. Reports may come in any order, twice or late.
 */
export async function ingestReports(db: Database, input: Reports): Promise<ReportsTaken> {
  const { reports, at, complete } = input;
  const { stored, known } = await concerned(db, input);
  const all = stored.map(({ order }) => order);
  const plan = reconcileOrders(all, reports, at, complete);
  const drift = plan.drift.filter(({ kind }) => kind === 'order_missing');
  const refused = plan.drift.filter(({ kind }) => kind === 'order_report');
  const touched = new Set([
    ...plan.changed.map(({ order }) => order.id),
    ...refused.map(({ params }) => String(params['order'])),
  ]);
  const traders = new Set<string>();
  let filled = 0;
  for (const order of all.filter(({ id }) => touched.has(id))) {
    const taken = await takeIn(db, input, order);
    drift.push(...taken.drift);
    if (taken.changed) traders.add(order.trader);
    if (taken.filled) filled += 1;
  }
  // A key that an order of ours came to own meanwhile is left alone by the statement itself.
  const external = plan.external.filter((report) => known.get(report.key)?.order == null);
  await keepExternal(db, input, external, known);
  return { traders, filled, external, drift };
}

interface TakenIn {
  readonly changed: boolean;
  readonly filled: boolean;
  readonly drift: readonly Drift[];
}

async function takeIn(db: Database, input: Reports, order: Order): Promise<TakenIn> {
  try {
    return await db.transaction((tx) => takeInLocked(tx, input, order));
  } catch (error) {
    if (!(error instanceof BookRefused)) throw error;
    const params = { order: order.id, code: error.code, ...error.params };
    return {
      changed: false,
      filled: false,
      drift: [{ kind: 'order_report', symbol: order.symbol, explained: null, params }],
    };
  }
}

/** Symbol, book, order: in this order, before anything is decided. */
export async function lockForFills(
  tx: Transaction,
  scope: string,
  { id, account, symbol }: Pick<Order, 'id' | 'account' | 'symbol'>,
): Promise<{ readonly stored: StoredOrder | null; readonly money: Money }> {
  const terms = await accountTerms(tx, scope, account);
  const instrument = await instrumentOf(tx, terms.row.venue, terms.row.feed, symbol);
  await lockSymbol(tx, scope, symbol);
  const book = await lockBook(tx, scope, account);
  const stored = await lockOrder(tx, scope, id);
  return { stored, money: { book, terms, instrument } };
}

async function takeInLocked(tx: Transaction, input: Reports, order: Order): Promise<TakenIn> {
  const { scope, reports, at } = input;
  const { stored, money } = await lockForFills(tx, scope, order);
  if (stored === null) return { changed: false, filled: false, drift: [] };
  const before = stored.row.version;
  const first = money.book.lastSeq;
  const drift: Drift[] = [];
  let now = stored;
  for (const report of inOrder(reports)) {
    const owns = (key: BrokerKey) => now.order.brokerOrders.some((each) => each.key === key);
    if (!owns(report.key) && (report.replaces === null || !owns(report.replaces))) continue;
    const event: OrderEvent = { kind: 'reported', at, report };
    const step = stepOrder(now.order, event);
    if (step.kind === 'moved') now = await saveStep({ tx, scope, now: at, money }, now, event, step);
    else if (step.kind === 'refused') {
      const params = { order: order.id, key: report.key, code: step.code };
      drift.push({ kind: 'order_report', symbol: order.symbol, explained: null, params });
    }
  }
  const filled = money.book.lastSeq > first;
  if (filled) await markHeld(tx, scope, now.order, at);
  return { changed: now.row.version > before, filled, drift };
}

/** Marks the symbol's hold by what is held now; a fill that comes after its hold ended is somebody's to look at. */
export async function markHeld(tx: Transaction, scope: string, order: Order, now: Date): Promise<void> {
  const { account, symbol, trader, fencing: token, id } = order;
  const [held] = await tx
    .select({ quantity: positions.quantity })
    .from(positions)
    .where(and(eq(positions.scope, scope), eq(positions.account, account), eq(positions.symbol, symbol)));
  const has = held !== undefined && held.quantity.gt(0);
  if ((await markPosition(tx, scope, { symbol, trader, token }, has)) || !has) return;
  const reason = { code: 'fill_without_hold', params: { symbol, trader } };
  await raiseAlert(tx, { scope, severity: 'critical', reason, account, trader, order: id, symbol, now });
}

/** Broker orders of nobody's are kept beside ours; what an order of ours owns is never touched here. */
async function keepExternal(
  db: Database,
  { scope, account, at }: Reports,
  external: readonly BrokerReport[],
  known: ReadonlyMap<BrokerKey, Known>,
): Promise<void> {
  const fresh = external.filter((report) => isNews(report, known.get(report.key)));
  if (fresh.length === 0) return;
  await db.transaction(async (tx) => {
    for (const { key, origin: _origin, at: takenAt, ...report } of fresh)
      await tx
        .insert(brokerOrders)
        .values({ scope, account, key, at: takenAt, ...report, seenAt: at })
        .onConflictDoUpdate({
          target: [brokerOrders.scope, brokerOrders.account, brokerOrders.key],
          set: {
            quantity: report.quantity,
            filled: sql`greatest(${brokerOrders.filled}, excluded.filled)`,
            amount: sql`greatest(${brokerOrders.amount}, excluded.amount)`,
            cancelled: sql`greatest(${brokerOrders.cancelled}, excluded.cancelled)`,
            rejected: sql`greatest(${brokerOrders.rejected}, excluded.rejected)`,
            seenAt: at,
          },
          setWhere: isNull(brokerOrders.order),
        });
    await writeChanges(tx, [{ topic: 'orders', entity: 'external', scope }]);
  });
}
