import { and, asc, eq, ne, or, sql } from 'drizzle-orm';
import type { ControlView, ControlsView } from '#domain/accounts/control.ts';
import { notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { controls } from './schema.ts';

/** A gateway that was not heard for so long sends nothing. */
export const gatewaySilentSec = 5;

function viewOf(row: typeof controls.$inferSelect): ControlView {
  return {
    level: row.level,
    subject: row.subject,
    mode: row.mode,
    flatten: row.flatten,
    reason: row.reason,
    actor: row.actorName,
    at: row.at?.toISOString() ?? null,
    version: row.version,
    carried_out_at: row.carriedOutAt?.toISOString() ?? null,
  };
}

interface Counts extends Record<string, unknown> {
  deaf: string;
  open_orders: string;
  positions: string;
  traders: string;
}

/** The switches of a scope and what they are over. @throws Problem 404 for an unknown scope. */
export async function switches(q: Queryable, scope: string): Promise<ControlsView> {
  const now = await scopeTime(q, scope);
  const rows = await q
    .select()
    .from(controls)
    .where(
      and(
        eq(controls.scope, scope),
        or(eq(controls.level, 'scope'), ne(controls.mode, 'running'), controls.flatten),
      ),
    )
    .orderBy(asc(controls.level), asc(controls.subject));
  const own = rows.find((row) => row.level === 'scope');
  if (own === undefined) throw notFound('scope', scope);
  const [counts] = await q.execute<Counts>(sql`select
    (select count(*) from accounts a left join gateways g on g.scope = a.scope and g.account = a.id
      where a.scope = ${scope} and (g.process is null
        or g.heartbeat_at < clock_timestamp() - make_interval(secs => ${gatewaySilentSec}))) as deaf,
    (select count(*) from orders where scope = ${scope}
      and state not in ('filled', 'cancelled', 'rejected')) as open_orders,
    (select count(*) from positions where scope = ${scope} and quantity <> 0) as positions,
    (select count(*) from traders where scope = ${scope} and started and deleted_at is null) as traders`);
  return {
    now: now.toISOString(),
    scope: viewOf(own),
    others: rows.filter((row) => row.level !== 'scope').map(viewOf),
    gateways_live: Number(counts?.deaf ?? 0) === 0,
    open_orders: Number(counts?.open_orders ?? 0),
    positions: Number(counts?.positions ?? 0),
    traders: Number(counts?.traders ?? 0),
  };
}
