import { type SQL, and, eq, sql } from 'drizzle-orm';
import type { Valuation } from '#domain/performance/day.ts';
import type { DailySummary } from '#domain/performance/summary.ts';
import type { Queryable } from '#db/core/client.ts';
import { equityPoints } from './schema.ts';

export type PointRow = typeof equityPoints.$inferSelect;
export type Subject = Pick<PointRow, 'level' | 'subject'>;

/** What was paid in so far, as a point tells it. */
export function baseOf(point: Pick<PointRow, 'equity' | 'realised' | 'unrealised'>) {
  return point.equity.minus(point.realised).minus(point.unrealised);
}

export const subjectKey = (level: DailySummary['level'], subject: string) => `${level}\n${subject}`;

/** The point of each subject that comes first among those of a condition: one step down an index for each. */
async function firstOf(
  q: Queryable,
  scope: string,
  subjects: readonly Subject[],
  condition: SQL,
  order: SQL,
): Promise<ReadonlyMap<string, PointRow>> {
  const levels = sql.param(subjects.map(({ level }) => level));
  const names = sql.param(subjects.map(({ subject }) => subject));
  const rows = await q
    .select()
    .from(equityPoints)
    .where(
      and(
        eq(equityPoints.scope, scope),
        sql`(${equityPoints.level}, ${equityPoints.subject}, ${equityPoints.at}) in (
          select s.level, s.subject, p.at from unnest(${levels}::text[], ${names}::text[]) as s(level, subject)
          cross join lateral (
            select p.at from equity_points p
            where p.scope = ${scope} and p.level = s.level and p.subject = s.subject and ${condition}
            order by ${order} limit 1) p)`,
      ),
    );
  return new Map(rows.map((row) => [subjectKey(row.level, row.subject), row]));
}

/** The newest point of each subject before an instant. */
export function pointsBefore(
  q: Queryable,
  scope: string,
  subjects: readonly Subject[],
  at: Date,
): Promise<ReadonlyMap<string, PointRow>> {
  return firstOf(q, scope, subjects, sql`p.at < ${at.toISOString()}::timestamptz`, sql`p.at desc`);
}

/** The last point of each subject on an earlier trading day, the close of that day before others. */
export function openingPoints(
  q: Queryable,
  scope: string,
  subjects: readonly Subject[],
  day: string,
): Promise<ReadonlyMap<string, PointRow>> {
  const order = sql`p.trading_day desc, p.close desc, p.at desc`;
  return firstOf(q, scope, subjects, sql`p.trading_day < ${day}::date`, order);
}

export interface NewPoint extends Subject {
  readonly scope: string;
  readonly at: Date;
  readonly tradingDay: string;
  readonly valuation: Valuation;
  /** Base of the point before; null for the first, all of whose base came in with it. */
  readonly baseBefore: PointRow['flow'] | null;
  readonly close: boolean;
}

/** Writes points; one that is there at the same instant is replaced. */
export async function writePoints(q: Queryable, points: readonly NewPoint[]): Promise<void> {
  if (points.length === 0) return;
  const rows = points.map(({ valuation: { base, ...parts }, baseBefore, ...point }) => ({
    ...point,
    ...parts,
    flow: baseBefore === null ? base : base.minus(baseBefore),
  }));
  await q
    .insert(equityPoints)
    .values(rows)
    .onConflictDoUpdate({
      target: [equityPoints.scope, equityPoints.level, equityPoints.subject, equityPoints.at],
      set: {
        tradingDay: sql`excluded.trading_day`,
        equity: sql`excluded.equity`,
        cash: sql`excluded.cash`,
        positions: sql`excluded.positions`,
        realised: sql`excluded.realised`,
        unrealised: sql`excluded.unrealised`,
        flow: sql`excluded.flow`,
        close: sql`excluded.close or ${equityPoints.close}`,
      },
    });
}
