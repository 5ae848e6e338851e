import { and, desc, eq, lt, sql } from 'drizzle-orm';
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

/** The newest point of each subject before an instant. */
export async function pointsBefore(
  q: Queryable,
  scope: string,
  at: Date,
): Promise<ReadonlyMap<string, PointRow>> {
  const rows = await q
    .selectDistinctOn([equityPoints.level, equityPoints.subject])
    .from(equityPoints)
    .where(and(eq(equityPoints.scope, scope), lt(equityPoints.at, at)))
    .orderBy(equityPoints.level, equityPoints.subject, desc(equityPoints.at));
  return new Map(rows.map((row) => [subjectKey(row.level, row.subject), row]));
}

/** The last point of each subject on an earlier trading day, the close of that day before others. */
export async function openingPoints(
  q: Queryable,
  scope: string,
  day: string,
): Promise<ReadonlyMap<string, PointRow>> {
  const rows = await q
    .selectDistinctOn([equityPoints.level, equityPoints.subject])
    .from(equityPoints)
    .where(and(eq(equityPoints.scope, scope), lt(equityPoints.tradingDay, day)))
    .orderBy(
      equityPoints.level,
      equityPoints.subject,
      desc(equityPoints.tradingDay),
      desc(equityPoints.close),
      desc(equityPoints.at),
    );
  return new Map(rows.map((row) => [subjectKey(row.level, row.subject), row]));
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
