import { sql } from 'drizzle-orm';
import { decimal } from '#domain/core/decimal.ts';
import type { Candle } from '#domain/market/candle.ts';
import type { Quote } from '#domain/market/quote.ts';
import { candidateFilter, discover } from '#domain/strategies/candidates.ts';
import { connect } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { writeCandles } from '#db/market/candles.ts';
import { readCrossSection } from '#db/market/cross-section.ts';
import { readQuotes, writeQuotes } from '#db/market/quotes.ts';
import { median } from '../lib/stats.ts';
import type { MarketRow } from './market.ts';

const source = 'bench:market';
const dayMs = 86_400_000;
const firstDay = Date.parse('2026-01-05T00:00:00Z');

function candlesOf(rows: readonly MarketRow[]): Candle[] {
  const days = [...new Set(rows.map(({ day }) => day))].toSorted();
  const dayAt = new Map(days.map((day, index) => [day, firstDay + index * dayMs]));
  return rows
    .filter(({ open, volume }) => open > 0 && volume > 0)
    .map((row) => {
      const start = dayAt.get(row.day) ?? firstDay;
      const end = new Date(start + 390 * 60_000).toISOString();
      return {
        venue: 'KRX',
        source,
        symbol: row.symbol,
        interval: '1d',
        start: new Date(start).toISOString(),
        end,
        available_at: end,
        open: decimal(row.open),
        high: decimal(Math.max(row.open, row.close)),
        low: decimal(Math.min(row.open, row.close)),
        close: decimal(row.close),
        volume: decimal(row.volume),
        value: decimal(row.value),
        adjusted: false,
      };
    });
}

const quoteAt = (index: number, at: Date): Quote => ({
  venue: 'KRX',
  source: 'bench:quotes',
  symbol: String(100_000 + index),
  at: at.toISOString(),
  available_at: at.toISOString(),
  bid: decimal(70_000),
  ask: decimal(70_100),
  bid_size: decimal(10),
  ask_size: decimal(10),
  last: decimal(70_000 + (at.getTime() % 100)),
  volume: decimal(1_000),
});

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

export interface DatabaseFigures {
  readonly candlesPerSecond: number;
  readonly section: number;
  readonly writeQuotes: number;
  readonly readQuotes: number;
}

/** Market data on PostgreSQL, in ms: the market written and read, and the quotes of a second. */
export async function measureDatabase(
  url: string,
  rows: readonly MarketRow[],
  rounds: number,
): Promise<DatabaseFigures[]> {
  await migrate(url);
  const db = connect(url, { max: 2, applicationName: 'bellkeeper:bench' });
  const now = new Date('2027-01-01T00:00:00Z');
  const figures: DatabaseFigures[] = [];
  try {
    const candles = candlesOf(rows);
    for (let round = 0; round < rounds; round += 1) {
      await db.execute(sql`truncate candles, quotes`);
      const written = await timed(() => writeCandles(db, candles));
      await db.execute(sql`analyze candles`);
      const section = await timed(async () =>
        discover(
          await readCrossSection(db, { venue: 'KRX', source, now, days: 20 }),
          candidateFilter.parse({}),
        ),
      );
      const ticks = Array.from({ length: 30 }, (_, second) => new Date(now.getTime() + second * 1_000));
      const writes: number[] = [];
      const reads: number[] = [];
      for (const at of ticks) {
        const quotes = Array.from({ length: 30 }, (_, index) => quoteAt(index, at));
        writes.push(await timed(() => writeQuotes(db, quotes)));
        reads.push(await timed(() => readQuotes(db, 'KRX', 'bench:quotes', at)));
      }
      figures.push({
        candlesPerSecond: (candles.length / written) * 1_000,
        section,
        writeQuotes: median(writes),
        readQuotes: median(reads),
      });
    }
  } finally {
    await db.$client.end({ timeout: 2 });
  }
  return figures;
}
