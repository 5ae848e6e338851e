import { and, asc, gt, lte, max, min, sql } from 'drizzle-orm';
import { type ConnectOptions, type Queryable, connectRaw } from './client.ts';
import { changesChannel } from './changes.ts';
import { changes } from './schema.ts';

/** A row of the change feed. `scope` null: of the whole instance. */
export interface FeedItem {
  readonly id: number;
  readonly topic: string;
  readonly entity: string;
  readonly scope: string | null;
}

export interface FeedPage {
  /** In the order of ids. Rows up to `after` may come again: see `overlapSec`. */
  readonly items: FeedItem[];
  /** The newest id read; `after` when there was none. */
  readonly cursor: number;
  /** Changes after the cursor are gone, or the cursor is not of this database: take everything for stale. */
  readonly reset: boolean;
  readonly more: boolean;
}

/** How far below the cursor a row that committed late is looked for. */
const overlapIds = 1_000;

/** The newest change's id; 0 when there is none. */
export async function currentCursor(q: Queryable): Promise<number> {
  const [row] = await q.select({ newest: max(changes.id) }).from(changes);
  return row?.newest ?? 0;
}

/**
 * Changes after a cursor. Ids commit out of order, so rows a little below it that were written in the last
 * `overlapSec` seconds (database time) come again: the reader drops those it knows.
 */
export async function readChanges(
  q: Queryable,
  after: number,
  { limit, overlapSec }: { limit: number; overlapSec: number },
): Promise<FeedPage> {
  const [bounds] = await q.select({ oldest: min(changes.id), newest: max(changes.id) }).from(changes);
  const { oldest = null, newest = null } = bounds ?? {};
  if (newest === null) return { items: [], cursor: after, reset: false, more: false };
  if (after > newest || (oldest !== null && after + 1 < oldest && after > 0))
    return { items: [], cursor: newest, reset: true, more: false };
  const columns = { id: changes.id, topic: changes.topic, entity: changes.entity, scope: changes.scope };
  const recent = sql`${changes.recordedAt} > now() - make_interval(secs => ${overlapSec})`;
  const [late, rows] = await Promise.all([
    q
      .select(columns)
      .from(changes)
      .where(and(gt(changes.id, after - overlapIds), lte(changes.id, after), recent))
      .orderBy(asc(changes.id)),
    q
      .select(columns)
      .from(changes)
      .where(gt(changes.id, after))
      .orderBy(asc(changes.id))
      .limit(limit + 1),
  ]);
  const items = [...late, ...rows.slice(0, limit)];
  return { items, cursor: Math.max(after, items.at(-1)?.id ?? 0), reset: false, more: rows.length > limit };
}

/**
 * Listens on a connection of its own and calls back at each ring, and at each (re)connection: rings of an outage are
 * lost. `onRing` must bear being called for nothing.
 */
export async function listenForChanges(
  url: string,
  options: Pick<ConnectOptions, 'applicationName'>,
  onRing: () => void,
): Promise<{ close(): Promise<void> }> {
  const client = connectRaw(url, { ...options, max: 1 });
  try {
    await client.listen(changesChannel, onRing, onRing);
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
  return { close: () => client.end({ timeout: 1 }) };
}
