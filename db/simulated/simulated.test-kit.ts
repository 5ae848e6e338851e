import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Decimal, decimal } from '#domain/core/decimal.ts';
import { type SimulatedSymbol, type marketConfig, simulatedSymbol } from '#domain/simulation/config.ts';
import type { Database } from '#db/core/client.ts';
import { createSimulatedMarket } from './create.ts';

export const testScope = 'mock';
export const testAccount = 'paper';
/** A Friday that KRX is open. */
export const testDay = '2026-11-20';

export const seoul = (text: string, day = testDay) => new Date(`${day}T${text}+09:00`);

/** Puts a scope's clock. */
export async function putClock(db: Database, at: Date, scope = testScope): Promise<void> {
  await db.execute(
    sql`update scopes set clock_kind = 'simulated', clock_at = ${at.toISOString()}::timestamptz where name = ${scope}`,
  );
}

export const testSymbols: readonly SimulatedSymbol[] = [
  simulatedSymbol.parse({ symbol: '900110', name: '한빛반도체', market: 'KOSPI', price: 70_000 }),
  simulatedSymbol.parse({ symbol: '910310', name: '아라바이오', market: 'KOSDAQ', price: 9_500 }),
  simulatedSymbol.parse({ symbol: '990010', name: '마루 ETF', market: 'KOSPI', kind: 'etf', price: 38_450 }),
];

export interface TestMarket {
  readonly at?: Date;
  readonly cash?: string | Decimal;
  readonly config?: z.input<typeof marketConfig>;
  readonly symbols?: readonly SimulatedSymbol[];
  readonly calendar?: string;
}

/** A market of three symbols at half past nine of an open day, with one account. */
export async function testMarket(db: Database, market: TestMarket = {}): Promise<void> {
  await putClock(db, market.at ?? seoul('09:30:00'));
  await db.transaction((tx) =>
    createSimulatedMarket(tx, {
      scope: testScope,
      calendar: market.calendar ?? 'XKRX',
      seed: 11,
      symbols: market.symbols ?? testSymbols,
      accounts: [{ id: testAccount, openingCash: market.cash ?? decimal(100_000_000) }],
      config: { halt_chance: 0, ...market.config },
      history: false,
    }),
  );
}
