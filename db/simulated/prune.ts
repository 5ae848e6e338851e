import { and, eq, lt } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';
import { candles } from '#db/market/schema.ts';
import { simulatedRequests } from './schema.ts';
import { simulatorSource } from './source.ts';

/** A market that never rests writes forty thousand candles a day. */
const candlesMs = 30 * 86_400_000;
const requestsMs = 90 * 86_400_000;

/** Forgets what nobody looks back on: minutes of a month ago, requests of a quarter ago. Orders and fills stay. */
export async function forgetOld(q: Queryable, scope: string, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  await q
    .delete(candles)
    .where(
      and(
        eq(candles.venue, 'KRX'),
        eq(candles.source, simulatorSource(scope)),
        eq(candles.interval, '1m'),
        lt(candles.start, before(candlesMs)),
      ),
    );
  await q
    .delete(simulatedRequests)
    .where(and(eq(simulatedRequests.scope, scope), lt(simulatedRequests.at, before(requestsMs))));
}
