import { and, asc, eq, gt, ilike, sql } from 'drizzle-orm';
import { invalidField, notFound } from '#domain/core/errors.ts';
import type {
  IdempotencyKeyView,
  NamedLockView,
  NamedLocksView,
  SymbolLockView,
} from '#domain/locks/view.ts';
import { firstOwnLockId } from '#domain/locks/view.ts';
import { type SymbolState, symbolState, symbolStateOf } from '#domain/locks/symbol.ts';
import { verdictOf } from '#domain/locks/verdict.ts';
import type { Queryable } from '#db/core/client.ts';
import { idempotencyKeys, symbolLocks } from './schema.ts';

const iso = (text: string | null) => (text === null ? null : new Date(text).toISOString());
const isoOf = (text: string) => new Date(text).toISOString();

/** Waiters named of one lock, at most. */
const waitersShown = 20;

interface NamedRow extends Record<string, unknown> {
  name: string;
  lock_id: number;
  description: string;
  holder: string | null;
  holder_run: string | null;
  holder_attempt: number | null;
  since: string | null;
  until: string | null;
  why: string | null;
  failures: string;
  last_failure_at: string | null;
  run_state: string | null;
  job_id: string | null;
  process_id: string | null;
  consumer: string | null;
  cancelling: boolean;
  running_sec: string | null;
  waiting: string;
  waiters: { run_id: string; job_id: string; queued_at: string; wait_until: string | null }[];
  jobs: string[];
  sessions: { pid: number; application_name: string | null }[];
  class_id: number;
  at: string;
}

/** One statement, so that rows and `pg_locks` are looked at in the same moment. */
function namedRows(q: Queryable, scope: string, name: string | null) {
  return q.execute<NamedRow>(sql`
    select l.name, l.lock_id, l.description, l.holder, l.holder_run, l.holder_attempt, l.since, l.until, l.why,
      l.failures, l.last_failure_at, clock_timestamp() as at, s.number as class_id,
      r.state as run_state, r.job_id, r.process_id, a.consumer, r.cancel_requested_at is not null as cancelling,
      case when r.state = 'running' then extract(epoch from clock_timestamp() - a.started_at) end as running_sec,
      coalesce(w.waiting, 0) as waiting, coalesce(w.waiters, '[]') as waiters,
      coalesce((select json_agg(j.job_id order by j.job_id) from jobs j
        where j.scope = l.scope and j.deleted_at is null and l.name = any(j.locks)), '[]') as jobs,
      coalesce((select json_agg(json_build_object('pid', h.pid, 'application_name', h.application_name) order by h.pid)
        from advisory_sessions(s.number) h where h.object_id = l.lock_id), '[]') as sessions
    from named_locks l
    join scopes s on s.name = l.scope
    left join runs r on r.id = l.holder_run
    left join attempts a on a.run_id = r.id and a.attempt = l.holder_attempt and a.ended_at is null
    left join lateral (
      select count(*) as waiting, json_agg(json_build_object('run_id', x.id, 'job_id', x.job_id,
        'queued_at', x.queued_at, 'wait_until', x.lock_wait_until) order by x.id) filter (where x.place <= ${waitersShown}) as waiters
      from (select id, job_id, queued_at, lock_wait_until, row_number() over (order by id) as place from runs
        where waits_for = 'lock' and scope = l.scope and l.name = any(locks)) x) w on true
    where l.scope = ${scope} and (${name}::text is null or l.name = ${name}) order by l.lock_id`);
}

const ours = /^bellkeeper:([0-9a-f]{8}-[0-9a-f-]{27})/;

function namedView(row: NamedRow): NamedLockView {
  const backends = row.sessions.map((session) => ({
    ...session,
    process_id: ours.exec(session.application_name ?? '')?.[1] ?? null,
  }));
  const says = {
    held: row.holder !== null,
    byRun: row.holder_run !== null,
    runState: row.run_state,
    processId: row.process_id,
    runningSec: row.running_sec === null ? null : Number(row.running_sec),
  };
  return {
    name: row.name,
    lock_id: row.lock_id,
    description: row.description,
    builtin: row.lock_id < firstOwnLockId,
    holder:
      row.holder === null || row.since === null
        ? null
        : {
            name: row.holder,
            run_id: row.holder_run,
            run_state: row.run_state,
            job_id: row.job_id,
            attempt: row.holder_attempt,
            process_id: row.run_state === 'running' ? row.process_id : null,
            consumer: row.consumer,
            since: isoOf(row.since),
            until: iso(row.until),
            why: row.why,
            cancelling: row.cancelling,
          },
    waiting: Number(row.waiting),
    waiters: row.waiters.map((waiter) => ({
      ...waiter,
      queued_at: isoOf(waiter.queued_at),
      wait_until: iso(waiter.wait_until),
    })),
    jobs: row.jobs,
    failures: Number(row.failures),
    last_failure_at: iso(row.last_failure_at),
    verdict: verdictOf(
      says,
      backends.map((backend) => ({
        processId: backend.process_id,
        known: backend.application_name !== null,
      })),
    ),
    advisory: { class_id: row.class_id, object_id: row.lock_id, backends },
  };
}

/** The named locks of a scope by id, with their holders, waiters, and what `pg_locks` says of them. */
export async function listNamedLocks(q: Queryable, scope: string): Promise<NamedLocksView> {
  const rows = [...(await namedRows(q, scope, null))];
  const at = rows[0]?.at ?? new Date().toISOString();
  return { at: isoOf(at), locks: rows.map(namedView) };
}

/** @throws Problem 404. */
export async function getNamedLock(q: Queryable, scope: string, name: string): Promise<NamedLockView> {
  const [row] = await namedRows(q, scope, name);
  if (row === undefined) throw notFound('lock', name);
  return namedView(row);
}

type SymbolRow = typeof symbolLocks.$inferSelect;

function symbolView(row: SymbolRow, now: Date): SymbolLockView {
  return {
    symbol: row.symbol,
    state: symbolStateOf(row, now),
    trader: row.trader,
    token: row.fencing,
    since: row.since?.toISOString() ?? null,
    heartbeat_at: row.heartbeatAt?.toISOString() ?? null,
    until: row.until?.toISOString() ?? null,
    has_position: row.hasPosition,
    needs_reconcile: row.needsReconcile,
    last_trader: row.lastTrader,
    ended_at: row.endedAt?.toISOString() ?? null,
    ended_why: row.endedWhy,
  };
}

/** `symbolStateOf` in SQL, for filters and counts. */
const stateSql = sql<SymbolState>`case
  when ${symbolLocks.trader} is null then case when ${symbolLocks.needsReconcile} then 'reconcile' else 'free' end
  when ${symbolLocks.until} > clock_timestamp() then 'held'
  when ${symbolLocks.hasPosition} then 'overdue' else 'expired' end`;

/** One symbol's lock; null when it was never held. */
export async function symbolLock(
  q: Queryable,
  scope: string,
  symbol: string,
): Promise<SymbolLockView | null> {
  const [row] = await q
    .select({ row: symbolLocks, now: sql<string>`clock_timestamp()` })
    .from(symbolLocks)
    .where(and(eq(symbolLocks.scope, scope), eq(symbolLocks.symbol, symbol)));
  return row === undefined ? null : symbolView(row.row, new Date(row.now));
}

export interface SymbolQuery {
  /** Part of a symbol or of a trader's name. */
  readonly q?: string | undefined;
  /** `taken`: all but the free ones. */
  readonly state?: SymbolState | 'taken' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SymbolPage {
  readonly at: string;
  readonly items: SymbolLockView[];
  readonly counts: Record<SymbolState, number>;
  readonly next_cursor: string | null;
}

const like = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** Symbol locks by symbol, and how many there are of each state. */
export async function listSymbolLocks(q: Queryable, scope: string, query: SymbolQuery): Promise<SymbolPage> {
  const text = query.q === undefined || query.q === '' ? null : like(query.q);
  const [found, counted] = await Promise.all([
    q
      .select({ row: symbolLocks, now: sql<string>`clock_timestamp()` })
      .from(symbolLocks)
      .where(
        and(
          eq(symbolLocks.scope, scope),
          text === null
            ? undefined
            : sql`(${ilike(symbolLocks.symbol, text)} or ${ilike(symbolLocks.trader, text)} or ${ilike(symbolLocks.lastTrader, text)})`,
          query.state === undefined
            ? undefined
            : query.state === 'taken'
              ? sql`(${symbolLocks.trader} is not null or ${symbolLocks.needsReconcile})`
              : sql`${stateSql} = ${query.state}`,
          query.cursor === undefined ? undefined : gt(symbolLocks.symbol, query.cursor),
        ),
      )
      .orderBy(asc(symbolLocks.symbol))
      .limit(query.limit + 1),
    q.execute<{ state: SymbolState; count: string; at: string }>(sql`
      select ${stateSql} as state, count(*), max(clock_timestamp()) as at from symbol_locks
      where scope = ${scope} group by 1`),
  ]);
  const shown = found.slice(0, query.limit);
  const at = new Date(shown[0]?.now ?? Date.now());
  const count = new Map([...counted].map((row) => [row.state, Number(row.count)]));
  const [free, held, overdue, expired, forced] = symbolState.options.map((state) => count.get(state) ?? 0);
  return {
    at: at.toISOString(),
    items: shown.map(({ row, now }) => symbolView(row, new Date(now))),
    counts: {
      free: free ?? 0,
      held: held ?? 0,
      overdue: overdue ?? 0,
      expired: expired ?? 0,
      reconcile: forced ?? 0,
    },
    next_cursor: found.length > query.limit ? (shown.at(-1)?.row.symbol ?? null) : null,
  };
}

export interface KeyQuery {
  /** Part of a key or of its owner. */
  readonly q?: string | undefined;
  /** Only keys whose later claims were turned away. */
  readonly duplicates?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The cursor of a list by creation: the row's time to the microsecond, and its key. */
function keyCursor(cursor: string): { at: string; key: string } {
  const [at = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const key = rest.join(' ');
  if (!/^\d{1,20}$/.test(at) || key === '')
    throw invalidField('cursor', 'invalid_cursor', 'not a cursor of this list');
  return { at, key };
}

/** Claims of keys, newest first. @throws Problem 400 for a cursor of another list. */
export async function listIdempotencyKeys(
  q: Queryable,
  scope: string,
  query: KeyQuery,
): Promise<{ items: IdempotencyKeyView[]; next_cursor: string | null }> {
  const micros = sql<string>`(extract(epoch from ${idempotencyKeys.createdAt}) * 1000000)::bigint`;
  const text = query.q === undefined || query.q === '' ? null : like(query.q);
  const after = query.cursor === undefined ? null : keyCursor(query.cursor);
  const found = await q
    .select({ row: idempotencyKeys, micros })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.scope, scope),
        text === null
          ? undefined
          : sql`(${ilike(idempotencyKeys.key, text)} or ${ilike(idempotencyKeys.owner, text)})`,
        query.duplicates === true ? gt(idempotencyKeys.hits, 0) : undefined,
        after === null
          ? undefined
          : sql`(${idempotencyKeys.createdAt}, ${idempotencyKeys.key}) <
              ('epoch'::timestamptz + ${after.at}::bigint * interval '1 microsecond', ${after.key})`,
      ),
    )
    .orderBy(sql`${idempotencyKeys.createdAt} desc, ${idempotencyKeys.key} desc`)
    .limit(query.limit + 1);
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ row }) => ({
      key: row.key,
      owner: row.owner,
      created_at: row.createdAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
      hits: row.hits,
      last_hit_at: row.lastHitAt?.toISOString() ?? null,
    })),
    next_cursor:
      found.length > query.limit && last !== undefined
        ? Buffer.from(`${last.micros} ${last.row.key}`).toString('base64url')
        : null,
  };
}
