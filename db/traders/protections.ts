import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Decimal, decimal, zero } from '#domain/core/decimal.ts';
import type { Protection } from '#domain/risk/protection.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { protections } from './schema.ts';

export interface EquitySeen {
  readonly peak: Decimal;
  readonly now: Decimal;
}

/**
 * The highest and the newest equity of traders: of closing marks and of the day's points, since a person last let the
 * trader go on after a fall.
 */
export async function readEquity(
  q: Queryable,
  scope: string,
  traders: readonly string[],
  day: string,
): Promise<ReadonlyMap<string, EquitySeen>> {
  if (traders.length === 0) return new Map();
  const rows = await q.execute<{ subject: string; peak: string; newest: string }>(sql`
    select e.subject, max(e.equity)::text as peak, (array_agg(e.equity order by e.at desc))[1]::text as newest
    from equity_points e
    left join lateral (
      select max(p.ended_at) as at from protections p
      where p.scope = e.scope and p.trader = e.subject and p.code = 'max_drawdown') resumed on true
    where e.scope = ${scope} and e.level = 'trader' and e.subject = any(${sql.param([...traders])}::text[])
      and (e.trading_day = ${day} or e.close) and (resumed.at is null or e.at > resumed.at)
    group by e.subject`);
  return new Map(
    rows.map(({ subject, peak, newest }) => [subject, { peak: decimal(peak), now: decimal(newest) }]),
  );
}

export const noEquity: EquitySeen = { peak: zero, now: zero };

const keyOf = ({ code, symbol }: { readonly code: string; readonly symbol: string | null }) =>
  `${code} ${symbol ?? ''}`;

/** A protection without an end waits for a person. */
const waitsForPerson = (until: Date | null) => until === null;

/**
 * Makes the stored protections of traders those that hold now: new ones are added with an alert, those that hold no more
 * end, one that waits for a person stays.
 * @returns how many changed.
 */
export async function storeProtections(
  db: Database,
  scope: string,
  holding: ReadonlyMap<string, readonly Protection[]>,
  now: Date,
): Promise<number> {
  if (holding.size === 0) return 0;
  const stored = await db
    .select()
    .from(protections)
    .where(
      and(
        eq(protections.scope, scope),
        inArray(protections.trader, [...holding.keys()]),
        isNull(protections.endedAt),
      ),
    );
  const byTrader = Map.groupBy(stored, ({ trader }) => trader);
  let changed = 0;
  for (const [trader, wanted] of holding) {
    const known = byTrader.get(trader) ?? [];
    const keys = new Set(known.map(keyOf));
    const still = new Set(wanted.map(keyOf));
    const added = wanted.filter((each) => !keys.has(keyOf(each)));
    const over = known.filter((each) => !waitsForPerson(each.until) && !still.has(keyOf(each)));
    if (added.length + over.length === 0) continue;
    changed += 1;
    await db.transaction(async (tx) => {
      if (over.length > 0)
        await tx
          .update(protections)
          .set({ endedAt: now })
          .where(
            inArray(
              protections.id,
              over.map(({ id }) => id),
            ),
          );
      for (const { code, symbol, until, params } of added) {
        await tx.insert(protections).values({ scope, trader, code, symbol, at: now, until, params });
        // A symbol that rests after a loss is the day's ordinary course; a trader that stops is not.
        if (symbol === null)
          await raiseAlert(tx, { scope, severity: 'warning', reason: { code, params }, trader, now });
      }
      await writeChanges(tx, [{ topic: 'traders', entity: trader, scope }]);
    });
  }
  return changed;
}
