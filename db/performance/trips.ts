import { inArray, sql } from 'drizzle-orm';
import { plain } from '#domain/core/decimal.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { Trip } from '#domain/performance/lots.ts';
import { measured, unmeasured } from '#domain/performance/measure.ts';
import { netOf } from '#domain/performance/trades.ts';
import type { TripView } from '#domain/performance/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { orders } from '#db/orders/schema.ts';

/** Names that are shown beside ids. */
export interface Names {
  readonly traders: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, string>;
  readonly symbols: ReadonlyMap<string, string>;
}

/** Names of symbols as the feeds of a scope's accounts have them. */
export async function symbolNames(
  q: Queryable,
  scope: string,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (symbols.length === 0) return new Map();
  const rows = await q.execute<{ symbol: string; name: string }>(sql`
    select distinct on (i.symbol) i.symbol, i.name from instruments i
    join accounts a on a.scope = ${scope} and a.venue = i.venue and a.feed = i.source
    where i.symbol = any(${sql.param(symbols)}::text[]) order by i.symbol, a.id`);
  return new Map(rows.map(({ symbol, name }) => [symbol, name]));
}

/** Trips as the API answers them, with why they ended. */
export async function tripViews(q: Queryable, trips: readonly Trip[], names: Names): Promise<TripView[]> {
  const ids = trips.flatMap(({ exit_order }) => exit_order ?? []);
  const causes = new Map<string, OrderReason>();
  if (ids.length > 0)
    for (const { id, cause } of await q
      .select({ id: orders.id, cause: orders.cause })
      .from(orders)
      .where(inArray(orders.id, ids)))
      causes.set(id, cause);
  return trips.map((trip) => tripView(trip, names, causes));
}

function tripView(trip: Trip, names: Names, causes: ReadonlyMap<string, OrderReason>): TripView {
  const net = netOf(trip);
  const cause = trip.exit_order === null ? undefined : causes.get(trip.exit_order);
  return {
    account: trip.account,
    trader: trip.trader,
    trader_name: trip.trader === null ? null : (names.traders.get(trip.trader) ?? null),
    symbol: trip.symbol,
    symbol_name: names.symbols.get(trip.symbol) ?? null,
    trading_day: trip.trading_day,
    entry_at: trip.entry_at.toISOString(),
    exit_at: trip.exit_at.toISOString(),
    quantity: plain(trip.exit_quantity),
    entry_price: trip.quantity.isZero()
      ? null
      : plain(trip.entry_amount.div(trip.quantity).toDecimalPlaces(4)),
    exit_price: trip.exit_quantity.isZero()
      ? null
      : plain(trip.exit_amount.div(trip.exit_quantity).toDecimalPlaces(4)),
    gross: plain(trip.gross),
    fees: plain(trip.fees),
    taxes: plain(trip.taxes),
    net: plain(net),
    return: trip.entry_amount.isZero()
      ? unmeasured('no_capital')
      : measured(net.div(trip.entry_amount).toNumber()),
    exit_order: trip.exit_order,
    exit_reason: cause ?? null,
  };
}
