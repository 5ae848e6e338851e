import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import { type AlertView, alertView } from '#domain/alerts/view.ts';
import { notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { alerts } from './schema.ts';

function viewOf(row: typeof alerts.$inferSelect): AlertView {
  return {
    id: row.id,
    severity: row.severity,
    reason: alertView.shape.reason.parse(row.reason),
    account: row.account,
    trader: row.trader,
    order_id: row.order,
    symbol: row.symbol,
    count: row.count,
    at: row.at.toISOString(),
    last_at: row.lastAt.toISOString(),
    acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
    acknowledged_by: row.acknowledgedBy,
  };
}

export interface AlertFilter {
  /** Only what nobody has acknowledged. */
  readonly open: boolean;
  readonly before: number | null;
  readonly limit: number;
}

/** Alerts of a scope, newest first. */
export async function listAlerts(q: Queryable, scope: string, filter: AlertFilter): Promise<AlertView[]> {
  const rows = await q
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.scope, scope),
        filter.open ? isNull(alerts.acknowledgedAt) : undefined,
        filter.before === null ? undefined : lt(alerts.id, filter.before),
      ),
    )
    .orderBy(desc(alerts.id))
    .limit(filter.limit);
  return rows.map(viewOf);
}

/** @throws Problem 404. */
export async function getAlert(q: Queryable, scope: string, id: number): Promise<AlertView> {
  const [row] = await q
    .select()
    .from(alerts)
    .where(and(eq(alerts.scope, scope), eq(alerts.id, id)));
  if (row === undefined) throw notFound('alert', String(id));
  return viewOf(row);
}
