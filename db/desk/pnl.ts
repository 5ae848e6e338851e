import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Decimal, decimal, plain, sum, zero } from '#domain/core/decimal.ts';
import type { DeskView } from '#domain/desk/view.ts';
import { drawdownOf } from '#domain/performance/drawdown.ts';
import type { Queryable } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { openingPoints, subjectKey } from '#db/performance/points.ts';
import { equityPoints } from '#db/performance/schema.ts';
import { tradersToday } from '#db/traders/page-today.ts';

/** Points of the day's curve answered at most: a minute each fits a session. */
const pointsMax = 420;

/** Each n-th point, and always the last. */
function thinned<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / pointsMax);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

/** Fees and taxes of a day, whoever caused them. */
async function costsOf(q: Queryable, scope: string, day: string): Promise<Decimal> {
  const rows = await q
    .select({ amount: ledgerEntries.amount })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.tradingDay, day),
        inArray(ledgerEntries.kind, ['fee', 'tax']),
      ),
    );
  return sum(rows.map(({ amount }) => amount ?? zero));
}

/** The scope's marks: `level`, `subject` and scope are one. */
const ofScope = (scope: string) =>
  and(eq(equityPoints.scope, scope), eq(equityPoints.level, 'scope'), eq(equityPoints.subject, scope));

/** The desk's profit and loss of a trading day: by its book, and as a curve by its marks. */
export async function deskPnl(
  q: Queryable,
  scope: string,
  day: string,
  accounts: readonly string[],
  unrealised: Decimal,
): Promise<DeskView['pnl']> {
  const [points, openings, costs, today] = await Promise.all([
    q
      .select()
      .from(equityPoints)
      .where(and(ofScope(scope), eq(equityPoints.tradingDay, day)))
      .orderBy(asc(equityPoints.at)),
    openingPoints(q, scope, [{ level: 'scope', subject: scope }], day),
    costsOf(q, scope, day),
    tradersToday(
      q,
      scope,
      accounts.map((account) => ({ account, day })),
    ),
  ]);
  const gross = sum([...today.values()].map((each) => each.gross));
  const before = openings.get(subjectKey('scope', scope));
  const opening = before?.equity ?? null;
  const [first] = points;
  const last = points.at(-1);
  // Without a day before, the curve begins with its first mark: what came in with it is no profit.
  const base = opening ?? first?.equity ?? null;
  const counted = points.map(({ at, equity, flow }, index) => ({
    label: String(at.getTime()),
    equity,
    flow: opening === null && index === 0 ? zero : flow,
  }));
  const drawdown = base === null ? null : drawdownOf({ opening: base, points: counted });
  const flows = sum(counted.map(({ flow }) => flow));
  const start = base?.plus(flows) ?? null;
  return {
    total: plain(
      gross
        .minus(costs)
        .plus(unrealised)
        .minus(before?.unrealised ?? zero),
    ),
    realised: plain(gross.minus(costs)),
    unrealised: plain(unrealised),
    costs: plain(costs),
    equity: last === undefined ? null : plain(last.equity),
    opening: opening === null ? null : plain(opening),
    change:
      last === undefined || start === null || start.isZero()
        ? null
        : decimal(last.equity.div(start)).minus(1).toNumber(),
    drawdown: drawdown?.points.at(-1)?.ratio ?? null,
    max_drawdown: drawdown === null || points.length === 0 ? null : drawdown.max_ratio,
    points: thinned(
      points.map(({ at, equity }, index) => [
        at.getTime(),
        equity.toNumber(),
        drawdown?.points[index]?.ratio ?? 0,
      ]),
    ),
  };
}
