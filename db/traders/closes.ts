import { and, eq, gte, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';
import { traderTransitions } from './schema.ts';

/** Of these traders those that were told of a close at or after an instant. */
export async function toldOfClose(
  q: Queryable,
  scope: string,
  traders: readonly string[],
  since: Date,
): Promise<ReadonlySet<string>> {
  if (traders.length === 0) return new Set();
  const rows = await q
    .select({ trader: traderTransitions.trader })
    .from(traderTransitions)
    .where(
      and(
        eq(traderTransitions.scope, scope),
        inArray(traderTransitions.trader, [...traders]),
        eq(traderTransitions.event, 'day_closed'),
        gte(traderTransitions.at, since),
      ),
    );
  return new Set(rows.map(({ trader }) => trader));
}
