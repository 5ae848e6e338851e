import { decimal } from '#domain/core/decimal.ts';
import { instrument } from '#domain/market/instrument.ts';
import type { Database } from '#db/core/client.ts';
import { candles, instruments, quotes } from '#db/market/schema.ts';

export const minute = 60_000;
const names: Readonly<Record<string, readonly [string, number]>> = {
  '005930': ['삼성전자', 70_000],
  '000660': ['SK하이닉스', 182_000],
  '035420': ['NAVER', 214_500],
  '035720': ['카카오', 41_250],
  '247540': ['에코프로비엠', 152_300],
  '068270': ['셀트리온', 178_900],
};
export const seededSymbols = Object.keys(names);

export interface SeedPlan {
  readonly scope: string;
  /** `2026-11-20`. */
  readonly day: string;
  /** `simulated` unless a desk under test must not send for it. */
  readonly broker?: 'simulated' | 'kis';
  /** Minutes since 09:00 in Seoul at which the day stands. */
  readonly until: number;
}

export const openOf = (day: string) => Date.parse(`${day}T09:00:00+09:00`);

/** Price of a symbol at a minute of the day, on a tick of 50 won: a walk of sines, the same each time. */
export function seededPrice(symbol: string, at: number): number {
  const [, base] = names[symbol] ?? ['', 10_000];
  const seed = Number(symbol) % 97;
  const drift =
    0.012 * Math.sin((at + seed) / 55) + 0.006 * Math.sin((at + 3 * seed) / 13) + 0.0012 * Math.sin(at * 0.9);
  return Math.round((base * (1 + drift)) / 50) * 50;
}

/** Source of the seeded market: no other data has it. */
export const seededSource = 'import:seeded-day';

/** What a symbol costs about. */
export const basePrice = (symbol: string) => names[symbol]?.[1] ?? 10_000;

/** Instruments, candles of a minute until then, and the quotes of that moment. */
export async function seedMarket(db: Database, { day, until }: SeedPlan): Promise<void> {
  const source = seededSource;
  const open = openOf(day);
  for (const symbol of seededSymbols) {
    const [name, base] = names[symbol] ?? ['', 0];
    const definition = {
      venue: 'KRX' as const,
      market: 'KOSPI' as const,
      symbol,
      name,
      base_price: String(base),
    };
    instrument.parse(definition);
    await db
      .insert(instruments)
      .values({
        venue: 'KRX',
        source,
        symbol,
        name,
        market: 'KOSPI',
        definition,
        updatedAt: new Date(open),
      })
      .onConflictDoNothing();
    await db
      .insert(candles)
      .values(
        Array.from({ length: Math.min(until, 380) }, (_, m) => {
          const [first, last] = [seededPrice(symbol, m), seededPrice(symbol, m + 1)];
          const start = new Date(open + m * minute);
          const end = new Date(open + (m + 1) * minute);
          return {
            venue: 'KRX' as const,
            source,
            symbol,
            interval: '1m' as const,
            start,
            end,
            availableAt: end,
            open: decimal(first),
            high: decimal(Math.max(first, last) + 50),
            low: decimal(Math.min(first, last) - 50),
            close: decimal(last),
            volume: decimal(1_000 + ((m * 37) % 900)),
          };
        }),
      )
      .onConflictDoNothing();
    const last = seededPrice(symbol, until);
    const now = new Date(open + until * minute);
    await db
      .insert(quotes)
      .values({
        venue: 'KRX',
        source,
        symbol,
        at: now,
        availableAt: now,
        bid: decimal(last - 50),
        ask: decimal(last),
        bidSize: decimal(320),
        askSize: decimal(410),
        last: decimal(last),
        volume: decimal(400_000),
      })
      .onConflictDoNothing();
  }
}
