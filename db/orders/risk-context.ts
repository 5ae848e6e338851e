import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type Decimal, atLeastZero, sum, zero } from '#domain/core/decimal.ts';
import { feeOf, feesOn } from '#domain/market/costs.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import { limitsOf } from '#domain/market/price-limits.ts';
import { type Freshness, freshnessOf } from '#domain/market/quote.ts';
import { ticksOf } from '#domain/market/ticks.ts';
import { tradingAt } from '#domain/market/trading-phase.ts';
import { type Order, openQuantity } from '#domain/orders/order.ts';
import type { ControlMode, RiskContext, RiskLimits } from '#domain/risk/check.ts';
import type { AccountTerms } from '#db/accounts/terms.ts';
import type { Queryable } from '#db/core/client.ts';
import type { LockedBook } from '#db/ledger/append.ts';
import { positions } from '#db/ledger/schema.ts';
import { quotes } from '#db/market/schema.ts';
import { protections, traders } from '#db/traders/schema.ts';
import { type StoredOrder, isOpenRow, readOrders } from './rows.ts';
import { orderAttempts, orders } from './schema.ts';

export interface RiskQuestion {
  readonly scope: string;
  readonly order: Order;
  readonly flatten: boolean;
  readonly control: ControlMode;
  readonly terms: AccountTerms;
  readonly instrument: Instrument;
  readonly book: LockedBook;
  readonly tradingDay: string;
  /** Scope time. */
  readonly now: Date;
}

const usualQuoteAgeSec = 10;

/** The order's trader as its definition limits it; what it does not say is not limited. */
async function traderTerms(q: Queryable, { scope, order }: RiskQuestion) {
  const [row] = await q
    .select({ definition: traders.definition })
    .from(traders)
    .where(and(eq(traders.scope, scope), eq(traders.id, order.trader)));
  return {
    quoteAgeMs: (row?.definition.max_quote_age_sec ?? usualQuoteAgeSec) * 1_000,
    entriesPerMinute: row?.definition.limits.entries_per_minute ?? null,
  };
}

async function quoteOf(q: Queryable, { terms, order }: RiskQuestion) {
  const [row] = await q
    .select({ at: quotes.at, available_at: quotes.availableAt, last: quotes.last })
    .from(quotes)
    .where(
      and(
        eq(quotes.venue, terms.row.venue),
        eq(quotes.source, terms.row.feed),
        eq(quotes.symbol, order.symbol),
      ),
    );
  return row ?? null;
}

async function protectionsOn(q: Queryable, { scope, order, now }: RiskQuestion): Promise<string[]> {
  const rows = await q
    .select({ code: protections.code })
    .from(protections)
    .where(
      and(
        eq(protections.scope, scope),
        eq(protections.trader, order.trader),
        or(isNull(protections.symbol), eq(protections.symbol, order.symbol)),
        isNull(protections.endedAt),
        or(isNull(protections.until), gt(protections.until, now)),
      ),
    );
  return rows.map(({ code }) => code);
}

/** Entries sent in the last 60 s, of the account and of the trader alone. */
async function entryCounts(q: Queryable, { scope, order, now }: RiskQuestion) {
  const [row] = await q
    .select({
      account: sql<number>`count(*)`.mapWith(Number),
      trader: sql<number>`count(*) filter (where ${orders.trader} = ${order.trader})`.mapWith(Number),
    })
    .from(orders)
    .innerJoin(orderAttempts, and(eq(orderAttempts.order, orders.id), eq(orderAttempts.number, 1)))
    .where(
      and(
        eq(orders.scope, scope),
        eq(orders.account, order.account),
        eq(orders.purpose, 'entry'),
        gt(orderAttempts.at, new Date(now.getTime() - 60_000)),
      ),
    );
  return row ?? { account: 0, trader: 0 };
}

async function heldPositions(q: Queryable, { scope, order }: RiskQuestion) {
  const rows = await q
    .select({ symbol: positions.symbol, quantity: positions.quantity })
    .from(positions)
    .where(
      and(eq(positions.scope, scope), eq(positions.account, order.account), gt(positions.quantity, sql`0`)),
    );
  return new Map(rows.map(({ symbol, quantity }) => [symbol, quantity]));
}

/** Whichever of the account's and the trader's limits is nearer. */
function entryRate(
  account: RiskLimits,
  trader: number | null,
  counts: { readonly account: number; readonly trader: number },
) {
  const ofAccount = { count: counts.account, limit: account.entriesPerMinute };
  if (trader === null) return ofAccount;
  const ofTrader = { count: counts.trader, limit: trader };
  return ofTrader.limit - ofTrader.count < ofAccount.limit - ofAccount.count ? ofTrader : ofAccount;
}

const costOfBuy = ({ order, row }: StoredOrder, fallback: Decimal) =>
  openQuantity(order).times(row.price ?? fallback);

/**
 * What the checks look at, read in the transaction that writes the intent; the account's book is locked, so that two
 * intents do not spend the same cash.
 */
export async function riskContext(q: Queryable, question: RiskQuestion): Promise<RiskContext> {
  const { scope, order, terms, instrument, book, tradingDay, now } = question;
  const related = readOrders(
    q,
    and(
      eq(orders.scope, scope),
      eq(orders.account, order.account),
      or(isOpenRow, and(eq(orders.key, order.key), orders.keyHeld)),
    ),
  );
  const [stored, trader, quote, blocked, counts, held] = await Promise.all([
    related,
    traderTerms(q, question),
    quoteOf(q, question),
    protectionsOn(q, question),
    entryCounts(q, question),
    heldPositions(q, question),
  ]);
  const priceLimits = limitsOf(instrument, tradingDay);
  const worstPrice = order.price ?? priceLimits?.upper ?? quote?.last ?? zero;
  const contract = feesOn(terms.contracts, tradingDay);
  const fees = (amount: Decimal) => feeOf(amount, contract);
  const buys = stored.filter(({ order: { side } }) => side === 'buy');
  const ofSymbol = (each: StoredOrder) => each.order.symbol === order.symbol;
  const reserved = sum(
    buys.map((each) => costOfBuy(each, worstPrice)).map((amount) => amount.plus(fees(amount))),
  );
  const own = held.get(order.symbol) ?? zero;
  const selling = sum(
    stored
      .filter((each) => each.order.side === 'sell' && ofSymbol(each))
      .map((each) => openQuantity(each.order)),
  );
  // Only the newest quote is kept, and it is kept when it is known: one that came since `now` is known by now.
  const seenAt = quote !== null && quote.available_at > now ? quote.available_at : now;
  const freshness: Freshness = freshnessOf(quote, seenAt, trader.quoteAgeMs);
  const rate = entryRate(terms.limits, trader.entriesPerMinute, counts);
  return {
    order,
    flatten: question.flatten,
    instrument,
    ticks: ticksOf(instrument, tradingDay),
    priceLimits,
    worstPrice,
    fees,
    trading: tradingAt(terms.calendar, now, {
      kind: instrument.venue === 'KRX' ? instrument.kind : 'crypto',
      state: instrument.state,
      state_until: instrument.state_until === null ? null : new Date(instrument.state_until),
    }),
    quote: freshness,
    control: question.control,
    protections: blocked,
    cash: book.cash.minus(reserved),
    orders: stored.map((each) => each.order),
    positionValue: own
      .times(quote?.last ?? worstPrice)
      .plus(sum(buys.filter(ofSymbol).map((each) => costOfBuy(each, worstPrice)))),
    symbols: new Set([...held.keys(), ...buys.map((each) => each.order.symbol)]),
    sellable: atLeastZero(own.minus(selling)),
    entriesLastMinute: rate.count,
    limits: { ...terms.limits, entriesPerMinute: rate.limit },
  };
}
