import { and, eq, isNull } from 'drizzle-orm';
import { conflict } from '#domain/core/errors.ts';
import type { Measure } from '#domain/performance/measure.ts';
import type { SummaryRow } from '#domain/performance/view.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { dailySummaries } from './schema.ts';
import { readSummaryDay } from './summaries.ts';

/** A day's report as it goes out. */
export interface DailyReport {
  readonly day: string;
  /** For people: a heading, a line for each of scope, accounts and traders, and the trips. */
  readonly lines: readonly string[];
  /** The same for machines. */
  readonly json: string;
  /** When it had gone out before; null: now for the first time. */
  readonly before: string | null;
}

const percent = (measure: Measure) =>
  measure.value === null ? `– (${measure.reason})` : `${(measure.value * 100).toFixed(2)} %`;
const ratio = (measure: Measure) =>
  measure.value === null ? `– (${measure.reason})` : measure.value.toFixed(2);

/** `+1,234,567`, with its sign. */
function money(text: string): string {
  const [whole = '0', part] = text.replace(/^-/, '').split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const sign = text.startsWith('-') ? '-' : /^[0.]*$/.test(text) ? '' : '+';
  return `${sign}${grouped}${part === undefined ? '' : `.${part}`}`;
}

function lineOf(row: SummaryRow): string {
  const who = row.level === 'scope' ? row.subject : `${row.level} ${row.subject}`;
  return [
    `${who}: ${money(row.pnl)} (${percent(row.return)})`,
    `realised ${money(row.realised_pnl)}`,
    `unrealised ${money(row.unrealised_pnl)}`,
    `fees ${row.fees}, taxes ${row.taxes}`,
    `trades ${row.trades} (won ${row.wins}, lost ${row.losses})`,
    `win rate ${percent(row.win_rate)}`,
    `profit factor ${ratio(row.profit_factor)}`,
    `max drawdown ${percent(row.max_drawdown)}`,
    `exposure ${percent(row.exposure)}`,
    `equity ${row.closing_equity}`,
  ].join(' · ');
}

/**
 * The report of a settled day, which counts as reported from then on.
 * @throws Problem 409 when the day was not settled: what is reported are its summaries.
 */
export async function reportDay(db: Database, scope: string, day: string, now: Date): Promise<DailyReport> {
  return db.transaction(async (tx) => {
    const view = await readSummaryDay(tx, scope, day);
    const { summary, accounts, traders, trips } = view;
    if (summary === null && view.session === null && trips.length === 0)
      return { day, before: null, lines: [`${day}: the market was closed; nothing to report.`], json: '{}' };
    if (summary === null)
      throw conflict('day_not_settled', `The trading day ${day} was not settled.`, { day });
    await tx
      .update(dailySummaries)
      .set({ reportedAt: now })
      .where(
        and(
          eq(dailySummaries.scope, scope),
          eq(dailySummaries.tradingDay, day),
          isNull(dailySummaries.reportedAt),
        ),
      );
    await writeChanges(tx, [{ topic: 'performance', entity: scope, scope }]);
    return {
      day,
      before: summary.reported_at,
      lines: [
        `${scope} · trading day ${day}${summary.provisional ? ' · provisional: made before the close' : ''}`,
        ...[summary, ...accounts, ...traders].map(lineOf),
        ...trips.map((trip) =>
          `${trip.exit_at} ${trip.trader ?? 'by hand'} ${trip.symbol} ${trip.quantity} at ${trip.entry_price ?? '–'} → ${trip.exit_price ?? '–'}: ${money(trip.net)} (${percent(trip.return)}) ${trip.exit_reason?.code ?? ''}`.trimEnd(),
        ),
      ],
      json: JSON.stringify({ trading_day: day, summary, accounts, traders, trips }),
    };
  });
}
