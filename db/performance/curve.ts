import { and, asc, between, eq, sql } from 'drizzle-orm';
import type { DailySummary } from '#domain/performance/summary.ts';
import { underwater } from '#domain/performance/breakdown.ts';
import { downsample } from '#domain/performance/downsample.ts';
import type { CurvePoint } from '#domain/performance/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { type PointRow, baseOf } from './points.ts';
import { equityPoints } from './schema.ts';

/** Points that a chart is given at most. */
const pointsMax = 900;
/** Marks of a range up to which all are read; beyond, each day's extremes and its close. */
const allMarksMax = 6_000;

export interface CurveOf {
  readonly scope: string;
  readonly level: DailySummary['level'];
  readonly subject: string;
  readonly from: string;
  readonly to: string;
}

const inRange = ({ scope, level, subject, from, to }: CurveOf) =>
  and(
    eq(equityPoints.scope, scope),
    eq(equityPoints.level, level),
    eq(equityPoints.subject, subject),
    between(equityPoints.tradingDay, from, to),
  );

/** The marks of a range by time: all, or of each day the lowest, the highest and the last. */
export async function marksIn(
  q: Queryable,
  of: CurveOf,
): Promise<{ readonly marks: 'all' | 'extremes'; readonly rows: readonly PointRow[] }> {
  const [count] = await q
    .select({ count: sql<string>`count(*)` })
    .from(equityPoints)
    .where(inRange(of));
  if (Number(count?.count ?? 0) <= allMarksMax)
    return {
      marks: 'all',
      rows: await q.select().from(equityPoints).where(inRange(of)).orderBy(asc(equityPoints.at)),
    };
  const ranked = q
    .select({
      at: equityPoints.at,
      low: sql<string>`row_number() over (partition by ${equityPoints.tradingDay} order by ${equityPoints.equity}, ${equityPoints.at})`.as(
        'low',
      ),
      high: sql<string>`row_number() over (partition by ${equityPoints.tradingDay} order by ${equityPoints.equity} desc, ${equityPoints.at})`.as(
        'high',
      ),
      last: sql<string>`row_number() over (partition by ${equityPoints.tradingDay} order by ${equityPoints.close} desc, ${equityPoints.at} desc)`.as(
        'last',
      ),
    })
    .from(equityPoints)
    .where(inRange(of))
    .as('ranked');
  const rows = await q
    .select({ point: equityPoints })
    .from(equityPoints)
    .innerJoin(ranked, eq(ranked.at, equityPoints.at))
    .where(and(inRange(of), sql`(${ranked.low} = 1 or ${ranked.high} = 1 or ${ranked.last} = 1)`))
    .orderBy(asc(equityPoints.at));
  return { marks: 'extremes', rows: rows.map(({ point }) => point) };
}

/** Marks as the points of a chart: what they are below their peak is reckoned before any is left out. */
export function curveOf(
  rows: readonly PointRow[],
  opening: Pick<PointRow, 'equity' | 'realised' | 'unrealised'> | null,
): CurvePoint[] {
  const [first] = rows;
  if (first === undefined) return [];
  const start = opening ?? {
    equity: baseOf(first),
    realised: first.realised.minus(first.realised),
    unrealised: first.unrealised.minus(first.unrealised),
  };
  let base = baseOf(start);
  const points = rows.map((row) => {
    const flow = baseOf(row).minus(base);
    base = baseOf(row);
    return { label: row.at.toISOString(), equity: row.equity, flow };
  });
  const below = underwater(
    { opening: start.equity, points },
    rows.map((row) => ({ at: row.at.toISOString(), trading_day: row.tradingDay, close: row.close })),
  );
  return downsample(below, pointsMax, [({ equity }) => Number(equity), ({ drawdown }) => drawdown]);
}
