import { and, asc, eq, gte, lte } from 'drizzle-orm';
import { type Decimal, decimal, sum, zero } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import type { Quote } from '#domain/market/quote.ts';
import type { BrokerReport } from '#domain/orders/broker-order.ts';
import { queryFails } from '#domain/simulation/faults.ts';
import { paperAverage, paperHolding } from '#domain/simulation/paper-account.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { type OrderRow, fillsOf, readBooks, reservedOf } from './book.ts';
import { type HeldMarket, inMarket } from './hold.ts';
import { instrumentOf, quoteOf } from './market-data.ts';
import { simulatedOrders, simulatedRequests } from './schema.ts';

/** Thrown in the place of an answer: the faults say that this query brings none. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Where chance has a say the query is counted, which its transaction must keep: chance draws from the number. */
function asked<T>(market: HeldMarket, answer: T): T | NoAnswer {
  const { faults } = market.world.config;
  if (faults.chances.query === 0) return answer;
  market.row.requests += 1;
  return queryFails(faults, market.world.seed, market.row.requests) ? new NoAnswer('no answer') : answer;
}

function given<T>(answer: T | NoAnswer): T {
  if (answer instanceof NoAnswer) throw answer;
  return answer;
}

/** Moves a scope's simulated market to the scope's time. */
export async function advanceSimulated(db: Database, scope: string): Promise<void> {
  await inMarket(db, scope, () => Promise.resolve());
}

/**
 * The orders that the broker took since an instant, oldest first, as its list has them: it may lag.
 * @throws Problem 404; NoAnswer.
 */
export async function simulatedReports(
  db: Database,
  scope: string,
  account: string,
  since: Date,
): Promise<readonly BrokerReport[]> {
  const answer = await inMarket(db, scope, async (market) => {
    const { tx, now, world } = market;
    const lag = world.config.faults.list_lag_ms;
    const until = new Date(now.getTime() - lag);
    const rows = await tx
      .select()
      .from(simulatedOrders)
      .where(
        and(
          eq(simulatedOrders.scope, scope),
          eq(simulatedOrders.account, account),
          gte(simulatedOrders.at, since),
          lte(simulatedOrders.at, until),
        ),
      )
      .orderBy(asc(simulatedOrders.number));
    const seen = lag === 0 ? rows : await asOf(tx, scope, account, rows, until);
    return asked(
      market,
      seen.map((row) => report(row, world.config.origin)),
    );
  });
  return given(answer);
}

/** Rows as the list had them at an earlier instant. */
async function asOf(
  tx: Queryable,
  scope: string,
  account: string,
  rows: readonly OrderRow[],
  until: Date,
): Promise<OrderRow[]> {
  const fills = await fillsOf(
    tx,
    scope,
    account,
    rows.map(({ key }) => key),
  );
  return rows.map((row) => {
    const known = fills.filter(({ key, at }) => key === row.key && at <= until);
    const cancelled = row.cancelledAt !== null && row.cancelledAt <= until ? row.cancelled : zero;
    return {
      ...row,
      filled: sum(known.map(({ quantity }) => quantity)),
      amount: sum(known.map(({ quantity, price }) => quantity.times(price))),
      cancelled,
    };
  });
}

function report(row: OrderRow, origin: boolean): BrokerReport {
  const { key, replaces, role, symbol, side, quantity, price, at, filled, amount, cancelled } = row;
  const from = row.manual ? 'elsewhere' : 'ours';
  return {
    key,
    replaces,
    role,
    symbol,
    side,
    quantity,
    price,
    at,
    filled,
    amount,
    cancelled,
    rejected: zero,
    origin: origin ? from : null,
  };
}

export interface SimulatedBalance {
  readonly cash: Decimal;
  readonly holdings: readonly {
    readonly symbol: string;
    readonly quantity: Decimal;
    readonly sellable: Decimal;
    readonly average: Decimal | null;
  }[];
}

/** What the broker says that an account has. A symbol that is sold out stays in the list with quantity 0. */
export async function simulatedBalance(
  db: Database,
  scope: string,
  account: string,
): Promise<SimulatedBalance> {
  const answer = await inMarket(db, scope, async (market) => {
    const { tx, world, day } = market;
    const books = await readBooks(tx, scope, account);
    if (books === null) throw notFound('simulated_account', account);
    const { shares } = await reservedOf(tx, world, books, () => decimal(0), day?.date ?? '');
    const holdings = [...books.paper.holdings.keys()].sort().map((symbol) => {
      const held = paperHolding(books.paper, symbol);
      const sellable = held.quantity.minus(shares.get(symbol) ?? zero);
      return { symbol, quantity: held.quantity, sellable, average: paperAverage(held) };
    });
    return asked(market, { cash: books.paper.cash, holdings });
  });
  return given(answer);
}

/** The newest quotes. @param symbols null: all. */
export async function simulatedQuotes(
  db: Database,
  scope: string,
  symbols: readonly string[] | null,
): Promise<Quote[]> {
  return inMarket(db, scope, ({ world, states }) =>
    Promise.resolve(
      world.symbols.flatMap(({ symbol }, index) => {
        const state = states[index];
        const wanted = symbols === null || symbols.includes(symbol);
        return state === undefined || !wanted ? [] : [quoteOf(world, scope, symbol, state)];
      }),
    ),
  );
}

export async function simulatedInstruments(db: Database, scope: string): Promise<Instrument[]> {
  return inMarket(db, scope, ({ world, states }) =>
    Promise.resolve(
      world.symbols.flatMap((symbol, index) => {
        const state = states[index];
        return state === undefined ? [] : [instrumentOf(symbol, state)];
      }),
    ),
  );
}

/** Every send that reached the broker, oldest first. */
export async function simulatedRequestsOf(q: Queryable, scope: string, account: string) {
  return q
    .select()
    .from(simulatedRequests)
    .where(and(eq(simulatedRequests.scope, scope), eq(simulatedRequests.account, account)))
    .orderBy(asc(simulatedRequests.id));
}

/** All orders of an account at the simulated broker with what the list does not tell: client ids, costs, whose. */
export async function simulatedOrdersOf(q: Queryable, scope: string, account: string): Promise<OrderRow[]> {
  return q
    .select()
    .from(simulatedOrders)
    .where(and(eq(simulatedOrders.scope, scope), eq(simulatedOrders.account, account)))
    .orderBy(asc(simulatedOrders.number));
}
