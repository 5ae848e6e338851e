import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';
import { idempotencyKeys } from '#db/locks/schema.ts';
import { orders } from '#db/orders/schema.ts';
import { type ScannedCandidate, scans } from './schema.ts';

export interface NewScan {
  readonly scope: string;
  readonly trader: string;
  readonly at: Date;
  readonly tradingDay: string;
  readonly looked: number;
  readonly passed: Readonly<Record<string, number>>;
  readonly candidates: readonly ScannedCandidate[];
  readonly tookMs: number;
}

/** Keeps what a trader found when it looked. */
export async function storeScan(q: Queryable, scan: NewScan): Promise<void> {
  await q.insert(scans).values(scan);
}

/** Of these entry keys those that somebody acted on already. */
export async function usedKeys(
  q: Queryable,
  scope: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const [claims, held] = await Promise.all([
    q
      .select({ key: idempotencyKeys.key })
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.scope, scope), inArray(idempotencyKeys.key, [...keys]))),
    q
      .select({ key: orders.key })
      .from(orders)
      .where(
        and(
          eq(orders.scope, scope),
          sql`${orders.account} in (select id from accounts where scope = ${scope})`,
          inArray(orders.key, [...keys]),
          orders.keyHeld,
        ),
      ),
  ]);
  return new Set([...claims, ...held].map(({ key }) => key));
}
