import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ProcessId } from '#domain/core/ids.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { Drift } from '#domain/orders/reconcile.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable, RawClient, Transaction } from '#db/core/client.ts';
import { terminateBackends } from '#db/engine/leadership.ts';
import { processLockClass } from '#db/engine/processes.ts';
import { processes } from '#db/engine/schema.ts';
import type { AccountRow } from './terms.ts';
import { accounts, gateways } from './schema.ts';

/** First key of the advisory locks of gateways; the second is the account's number. No scope has this number. */
export const gatewayLockClass = 0x7e11_0001;

/** Who sends for an account, under which epoch. */
export interface GatewayTerm {
  readonly process: ProcessId;
  readonly epoch: number;
}

/** Another process sends for the account now: this one must stop at once. */
export class GatewayReplaced extends Error {
  override readonly name = 'GatewayReplaced';
}

/** Accounts of these scopes. */
export async function accountsIn(q: Queryable, scopes: readonly string[]): Promise<AccountRow[]> {
  if (scopes.length === 0) return [];
  return q
    .select()
    .from(accounts)
    .where(inArray(accounts.scope, [...scopes]))
    .orderBy(accounts.number);
}

/**
 * Takes an account's advisory lock on its own idle connection; raises the epoch on success, which waits for whatever
 * the former gateway is just writing. From then on the account is not ready until it has been reconciled.
 * @returns null while another holds it.
 */
export async function tryGateway(
  lock: RawClient,
  db: Database,
  account: Pick<AccountRow, 'scope' | 'id' | 'number'>,
  process: ProcessId,
): Promise<GatewayTerm | null> {
  const [row] = await lock<
    { taken: boolean }[]
  >`select pg_try_advisory_lock(${gatewayLockClass}::int, ${account.number}::int) as taken`;
  if (row?.taken !== true) return null;
  const { scope, id } = account;
  return db.transaction(async (tx) => {
    const now = sql`clock_timestamp()`;
    const [taken] = await tx
      .insert(gateways)
      .values({ scope, account: id, epoch: 1, process, since: now, heartbeatAt: now })
      .onConflictDoUpdate({
        target: [gateways.scope, gateways.account],
        set: { epoch: sql`${gateways.epoch} + 1`, process, since: now, heartbeatAt: now, trouble: null },
      })
      .returning({ epoch: gateways.epoch });
    if (taken === undefined) throw new Error(`The gateway's row of ${id} could not be written.`);
    const readyReason: OrderReason = { code: 'gateway_starting', params: {} };
    await tx.update(accounts).set({ ready: false, readyReason }).where(one(scope, id));
    await writeChanges(tx, [{ topic: 'accounts', entity: id, scope }]);
    return { process, epoch: taken.epoch };
  });
}

const one = (scope: string, account: string) => and(eq(accounts.scope, scope), eq(accounts.id, account));
const rowOf = (scope: string, account: string) =>
  and(eq(gateways.scope, scope), eq(gateways.account, account));

/** Lets the account go: another takes it at once. A connection that is gone has let go already. */
export async function releaseGateway(lock: RawClient): Promise<void> {
  await lock`select pg_advisory_unlock_all()`.catch(() => undefined);
}

/** Holds the term for this transaction: nobody takes the account over before it ends. @throws GatewayReplaced. */
export async function requireTerm(
  tx: Transaction,
  scope: string,
  account: string,
  term: GatewayTerm,
): Promise<void> {
  const [row] = await tx
    .select({ epoch: gateways.epoch, process: gateways.process })
    .from(gateways)
    .where(rowOf(scope, account))
    .for('share');
  if (row?.epoch !== term.epoch || row.process !== term.process)
    throw new GatewayReplaced(
      `Epoch ${term.epoch} of ${account} is over; it is ${row?.epoch ?? 'none'} now.`,
    );
}

/**
 * Says that the gateway lives, and whether it reaches its broker.
 * @throws GatewayReplaced when its term is over.
 */
export async function beatGateway(
  db: Database,
  scope: string,
  account: string,
  term: GatewayTerm,
  trouble: OrderReason | null,
): Promise<void> {
  const beaten = await db
    .update(gateways)
    .set({ heartbeatAt: sql`clock_timestamp()`, trouble })
    .where(and(rowOf(scope, account), eq(gateways.epoch, term.epoch), eq(gateways.process, term.process)))
    .returning({ epoch: gateways.epoch });
  if (beaten.length === 0) throw new GatewayReplaced(`Epoch ${term.epoch} of ${account} is over.`);
}

/**
 * Ends a gateway that holds its lock but beats no more (paused, or cut off): the connections of its process are
 * terminated, so that its lock goes. By the database's clock.
 * @returns whether there was one.
 */
export async function deposeStaleGateway(
  db: Database,
  scope: string,
  account: string,
  staleSec: number,
): Promise<boolean> {
  const [stale] = await db
    .select({ process: gateways.process })
    .from(gateways)
    .where(
      and(
        rowOf(scope, account),
        sql`${gateways.heartbeatAt} < clock_timestamp() - make_interval(secs => ${staleSec})`,
      ),
    );
  if (stale?.process == null) return false;
  await terminateBackends(db, stale.process);
  return true;
}

/** A process that once sent, as far as the database knows it. */
export interface SenderRecord {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Whether it can still count as alive: not declared lost or stopped, its liveness lock held. */
  readonly alive: boolean;
}

/** Null for a process that never registered. */
export async function senderRecord(q: Queryable, process: ProcessId): Promise<SenderRecord | null> {
  const [row] = await q
    .select({
      host: processes.host,
      pid: processes.pid,
      startedAt: processes.startedAt,
      alive: sql<boolean>`${processes.state} in ('live', 'draining') and exists (
        select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${processLockClass}
          and l.objid::bigint = ${processes.number} and l.objsubid = 1 and l.granted
          and l.database = (select oid from pg_database where datname = current_database()))`,
    })
    .from(processes)
    .where(eq(processes.id, process));
  return row ?? null;
}

export interface Comparison {
  readonly ready: boolean;
  readonly reason: OrderReason | null;
  readonly drift: readonly Drift[];
  /** Scope time. */
  readonly now: Date;
}

/** Stores what a comparison with the broker found. @throws GatewayReplaced. */
export async function noteComparison(
  db: Database,
  scope: string,
  account: string,
  term: GatewayTerm,
  { ready, reason, drift, now }: Comparison,
): Promise<void> {
  await db.transaction(async (tx) => {
    await requireTerm(tx, scope, account, term);
    const [before] = await tx
      .select({ ready: accounts.ready, drift: accounts.drift, reason: accounts.readyReason })
      .from(accounts)
      .where(one(scope, account))
      .for('update');
    await tx
      .update(accounts)
      .set({ ready, readyReason: reason, drift: [...drift], reconciledAt: now })
      .where(one(scope, account));
    const same =
      before?.ready === ready &&
      JSON.stringify([before.drift, before.reason?.code]) === JSON.stringify([drift, reason?.code]);
    if (!same) await writeChanges(tx, [{ topic: 'accounts', entity: account, scope }]);
  });
}

/** Says that the account trades no more until it has been compared again. @throws GatewayReplaced. */
export async function markUnready(
  db: Database,
  scope: string,
  account: string,
  term: GatewayTerm,
  reason: OrderReason,
): Promise<void> {
  await db.transaction(async (tx) => {
    await requireTerm(tx, scope, account, term);
    await tx.update(accounts).set({ ready: false, readyReason: reason }).where(one(scope, account));
    await writeChanges(tx, [{ topic: 'accounts', entity: account, scope }]);
  });
}
