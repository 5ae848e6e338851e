import { sql } from 'drizzle-orm';
import type { TraderReason } from '#domain/traders/state.ts';
import type { AlertSeverity } from '#domain/traders/step-types.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Queryable } from '#db/core/client.ts';
import { alerts } from './schema.ts';

export interface NewAlert {
  readonly scope: string;
  readonly severity: AlertSeverity;
  readonly reason: TraderReason;
  readonly account?: string;
  readonly trader?: string;
  readonly order?: string;
  readonly symbol?: string;
  /** What makes two alerts the same; left out: the code with whom it is about. */
  readonly key?: string;
  /** Scope time. */
  readonly now: Date;
}

/**
 * Raises an alert in the transaction of what it is about. While one of the same key is not acknowledged it counts up
 * and takes the newest words, so that a fault that lasts is one line and not a thousand.
 */
export async function raiseAlert(q: Queryable, alert: NewAlert): Promise<void> {
  const { scope, severity, reason, account, trader, order, symbol, now } = alert;
  const key = alert.key ?? [reason.code, account, trader, order, symbol].map((part) => part ?? '').join('|');
  await q
    .insert(alerts)
    .values({
      scope,
      severity,
      reason,
      key,
      at: now,
      lastAt: now,
      account: account ?? null,
      trader: trader ?? null,
      order: order ?? null,
      symbol: symbol ?? null,
    })
    .onConflictDoUpdate({
      target: [alerts.scope, alerts.key],
      targetWhere: sql`${alerts.acknowledgedAt} is null`,
      set: { count: sql`${alerts.count} + 1`, lastAt: now, reason, severity },
    });
  await writeChanges(q, [{ topic: 'alerts', entity: key, scope }]);
}
