import { randomUUID } from 'node:crypto';
import { eq, inArray, sql } from 'drizzle-orm';
import { Problem } from '#domain/core/errors.ts';
import type { Database } from '#db/core/client.ts';
import { digest } from './secrets.ts';
import { rateLimits } from './schema.ts';

export interface SignInSource {
  /** The client's address when it can be trusted, else a constant. */
  readonly address: string;
  readonly email: string;
}

const windowMs = 15 * 60_000;
/** Failures within the window. An office behind one address shares the second. */
const perPerson = 10;
const perAddress = 100;

function keysOf(source: SignInSource): { person: string; address: string } {
  return {
    person: `sign-in:${digest(`${source.address}\n${source.email}`)}`,
    address: `sign-in:${digest(source.address)}`,
  };
}

/** Counts an attempt in one statement, so that attempts side by side cannot slip past; answers the wait in seconds, or 0. */
async function count(db: Database, key: string, most: number): Promise<number> {
  const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const over = sql`${rateLimits.lastRequest} <= ${nowMs} - ${windowMs}::bigint`;
  const [row] = await db
    .insert(rateLimits)
    .values({ id: randomUUID(), key, count: 1, lastRequest: nowMs })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${over} then 1 else ${rateLimits.count} + 1 end`,
        lastRequest: sql`case when ${over} then ${nowMs} else ${rateLimits.lastRequest} end`,
      },
    })
    .returning({
      count: rateLimits.count,
      left: sql<string>`${rateLimits.lastRequest} + ${windowMs}::bigint - ${nowMs}`,
    });
  if (row === undefined || row.count <= most) return 0;
  return Math.max(1, Math.ceil(Number(row.left) / 1000));
}

/**
 * Counts an attempt to sign in before the password is looked at. The window starts at the first attempt and is 15 minutes.
 * @throws Problem 429 with the wait in seconds.
 */
export async function countSignIn(db: Database, source: SignInSource): Promise<void> {
  const keys = keysOf(source);
  const waits = await Promise.all([count(db, keys.person, perPerson), count(db, keys.address, perAddress)]);
  const wait = Math.max(...waits);
  if (wait === 0) return;
  throw new Problem(
    'too_many',
    'too_many_sign_ins',
    `Too many attempts to sign in: try again in ${Math.ceil(wait / 60)} minutes.`,
    {
      retry_after_sec: wait,
      minutes: Math.ceil(wait / 60),
    },
  );
}

/** Takes a successful attempt back out of the count: only failures add up. */
export async function forgetSignIn(db: Database, source: SignInSource): Promise<void> {
  const keys = keysOf(source);
  await db.delete(rateLimits).where(eq(rateLimits.key, keys.person));
  await db
    .update(rateLimits)
    .set({ count: sql`greatest(${rateLimits.count} - 1, 0)` })
    .where(inArray(rateLimits.key, [keys.address]));
}
