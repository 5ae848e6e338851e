import { and, eq } from 'drizzle-orm';
import { decimal } from '#domain/core/decimal.ts';
import { entryKey, exitKey } from '#domain/locks/idempotency.ts';
import { instrument } from '#domain/market/instrument.ts';
import { makeControl } from '#db/accounts/controls.ts';
import { accounts, controls } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { openBook } from '#db/ledger/operations.ts';
import { acquireSymbol } from '#db/locks/symbols.ts';
import { instruments, quotes } from '#db/market/schema.ts';
import { scopes } from '#db/scopes/schema.ts';
import { type NewIntent, type Placed, placeIntent } from './place.ts';

export const scope = 'mock';
/** A Friday in continuous trading: 10:00 in Seoul. */
export const morning = new Date('2026-11-20T01:00:00Z');
export const day = '2026-11-20';
const source = 'simulator:mock';

export interface TestDesk {
  readonly account: string;
  /** Takes the symbol for a trader; its token. */
  lock(trader: string, symbol: string): Promise<number>;
  place(
    parts: Partial<NewIntent> & Pick<NewIntent, 'trader' | 'seq' | 'side' | 'symbol' | 'token'>,
  ): Promise<Placed>;
  stop(mode: 'running' | 'entries_stopped' | 'stopped'): Promise<void>;
  setClock(at: Date): Promise<void>;
}

export interface TestDeskOptions {
  readonly account?: string;
  readonly symbols?: readonly string[];
  readonly traders?: readonly string[];
  readonly cash?: number;
  /** Left out: stands at `morning`. */
  readonly clock?: 'wall';
}

/** An account of the mock scope with cash, instruments at 70,000 won, quotes that are fresh, and traders' switches. */
export async function testTradingDesk(db: Database, options: TestDeskOptions = {}): Promise<TestDesk> {
  const {
    account = 'a1',
    symbols = ['005930', '000660'],
    traders = ['t1', 't2'],
    cash = 100_000_000,
  } = options;
  const now = options.clock === 'wall' ? new Date() : morning;
  await db.transaction(async (tx) => {
    if (options.clock === undefined)
      await tx.update(scopes).set({ clockKind: 'simulated', clockAt: now }).where(eq(scopes.name, scope));
    const limits = { position_value: '50000000', positions: 500, entries_per_minute: 600 };
    await tx.insert(accounts).values({
      scope,
      id: account,
      name: account,
      broker: 'simulated',
      venue: 'KRX',
      calendar: options.clock === 'wall' ? 'CRYPTO' : 'XKRX',
      feed: source,
      limits,
      // With a wall clock a gateway says so.
      ready: options.clock !== 'wall',
      createdAt: now,
    });
    await makeControl(tx, scope, 'account', account);
    for (const trader of traders) await makeControl(tx, scope, 'trader', trader);
    for (const symbol of symbols) {
      const definition = {
        venue: 'KRX',
        market: 'KOSPI',
        symbol,
        name: symbol,
        base_price: '70000',
      } as const;
      instrument.parse(definition);
      const row = { venue: 'KRX', source, symbol } as const;
      await tx
        .insert(instruments)
        .values({ ...row, name: symbol, market: 'KOSPI', definition, updatedAt: now });
      const at = options.clock === 'wall' ? new Date(now.getTime() + 3_600_000) : now;
      await tx.insert(quotes).values({
        ...row,
        at,
        availableAt: now,
        bid: decimal(69_900),
        ask: decimal(70_000),
        last: decimal(70_000),
      });
    }
    await openBook(tx, scope, account, decimal(cash), now);
  });
  return {
    account,
    lock: (trader, symbol) =>
      db.transaction(async (tx) => {
        const answer = await acquireSymbol(tx, scope, symbol, trader);
        if (!answer.taken) throw new Error(`${symbol} is ${answer.why}`);
        return answer.token;
      }),
    place: (parts) =>
      db.transaction((tx) =>
        placeIntent(tx, {
          scope,
          account,
          quantity: decimal(10),
          price: decimal(70_000),
          cause: { code: 'test', params: {} },
          key: keyOf(parts.symbol, parts.side, parts.seq, parts.trader),
          flatten: false,
          now: options.clock === 'wall' ? new Date() : morning,
          tradingDay: day,
          ...parts,
        }),
      ),
    async stop(mode) {
      await db
        .update(controls)
        .set({ mode })
        .where(and(eq(controls.scope, scope), eq(controls.level, 'scope')));
    },
    async setClock(at) {
      await db.update(scopes).set({ clockAt: at }).where(eq(scopes.name, scope));
    },
  };
}

function keyOf(ticker: string, side: 'buy' | 'sell', seq: number, trader: string): string {
  const salt = Array.from(trader).reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000;
  const parts = { ticker, timeframe: '1m', candle_ts: 1_795_000_000 + seq * 100_000 + salt, action: side };
  return side === 'buy' ? entryKey(parts) : exitKey({ ...parts, episode: 1, step: seq });
}
