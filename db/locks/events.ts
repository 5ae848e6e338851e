import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';
import { audit } from '#db/core/schema.ts';

/** What the engine does about locks and keys of its own accord; what alerts listen to. */
export type LockEvent =
  'symbol_lock_expired' | 'symbol_lock_overdue' | 'symbol_lock_reclaimed' | 'duplicate_order_skipped';

export interface NotedEvent {
  readonly event: LockEvent;
  readonly scope: string;
  readonly entityType: 'symbol_lock' | 'idempotency_key';
  /** The symbol or key. */
  readonly entity: string;
  /** Who it happened to: a trader, an owner. */
  readonly who: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Records events in the audit, in the transaction in which they happen. */
export async function noteEvents(q: Queryable, events: readonly NotedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await q.insert(audit).values(
    events.map(({ event, scope, entityType, entity, who, details }) => ({
      at: sql`clock_timestamp()`,
      actorKind: 'system',
      actorId: who,
      actorName: who,
      operation: event,
      scope,
      entityType,
      entityId: `${scope}/${entity}`,
      before: null,
      after: details,
    })),
  );
}
