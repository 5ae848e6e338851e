import { and, eq, sql } from 'drizzle-orm';
import { decimal, zero } from '#domain/core/decimal.ts';
import { uuidV7 } from '#domain/core/ids.ts';
import { entryKey, exitKey } from '#domain/locks/idempotency.ts';
import { type BrokerKey, brokerKey } from '#domain/orders/broker-order.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { TraderPhase } from '#domain/traders/state.ts';
import type { Database } from '#db/core/client.ts';
import { brokerOrders, orderEvents, orders } from '#db/orders/schema.ts';
import { type ScannedCandidate, scans, traders, traderTransitions } from '#db/traders/schema.ts';

/** A round trip of a seeded desk; an open one was bought and is still held. Prices in won. */
export interface SeededTrip {
  readonly trader: string;
  readonly symbol: string;
  readonly day: string;
  readonly quantity: number;
  readonly entry: number;
  readonly exit: number;
  readonly entryAt: Date;
  readonly exitAt: Date;
  readonly reason: 'stop_loss' | 'take_profit' | 'sma_below';
  readonly open: boolean;
  /** Ids of its orders. */
  readonly ids: { readonly entry: string; readonly exit: string };
}

/** A time-ordered id that is the same whenever it is made. */
export function seededId(at: Date, salt: number): string {
  const random = Uint8Array.from({ length: 10 }, (_, index) => (salt * (index + 3) * 37 + index * 11) % 256);
  return uuidV7(at, random);
}

interface Written {
  readonly scope: string;
  readonly account: string;
  readonly trips: readonly SeededTrip[];
  /** Days of which orders have their history, and traders their transitions and scans. */
  readonly detailed: readonly string[];
}

const later = (at: Date, ms: number) => new Date(at.getTime() + ms);

function causeOf(trip: SeededTrip, side: 'buy' | 'sell'): OrderReason {
  if (side === 'buy')
    return {
      code: 'volatility_breakout',
      params: { target: trip.entry - 100, range: Math.round(trip.entry * 0.012) },
    };
  const share = (trip.exit - trip.entry) / trip.entry;
  return trip.reason === 'sma_below'
    ? { code: trip.reason, params: { fast: trip.exit, slow: trip.exit + 200 } }
    : {
        code: trip.reason,
        params: {
          entry: trip.entry,
          price: trip.exit,
          change_pct: Number((share * 100).toFixed(2)),
          limit_pct: trip.reason === 'stop_loss' ? -3 : 5,
        },
      };
}

function orderOf(scope: string, account: string, trip: SeededTrip, side: 'buy' | 'sell', seq: number) {
  const at = side === 'buy' ? trip.entryAt : trip.exitAt;
  const price = decimal(side === 'buy' ? trip.entry : trip.exit);
  const candle = Math.floor(at.getTime() / 60_000) * 60;
  const key = { ticker: trip.symbol, timeframe: '1m', candle_ts: candle, action: side };
  const quantity = decimal(trip.quantity);
  return {
    scope,
    id: side === 'buy' ? trip.ids.entry : trip.ids.exit,
    account,
    trader: trip.trader,
    seq,
    symbol: trip.symbol,
    side,
    purpose: side === 'buy' ? ('entry' as const) : ('exit' as const),
    quantity,
    price,
    key: side === 'buy' ? entryKey(key) : exitKey({ ...key, episode: seq, step: 0 }),
    fencing: seq,
    state: 'filled' as const,
    cause: causeOf(trip, side),
    filled: quantity,
    amount: quantity.times(price),
    tradingDay: trip.day,
    version: 4,
    toldVersion: 4,
    at: later(at, -3_000),
    updatedAt: later(at, 2_000),
    endedAt: later(at, 2_000),
  };
}

type OrderRow = ReturnType<typeof orderOf>;

function brokerOrderOf(order: OrderRow, number: number) {
  const key: BrokerKey = brokerKey.parse(`${order.tradingDay}/seed/${String(number).padStart(8, '0')}`);
  const { scope, account, symbol, side, quantity, price, filled, amount } = order;
  return {
    scope,
    account,
    key,
    order: order.id,
    role: 'new' as const,
    symbol,
    side,
    quantity,
    price,
    at: later(order.at, 400),
    filled,
    amount,
    cancelled: zero,
    rejected: zero,
    seenAt: order.updatedAt,
  };
}

function eventsOf(order: OrderRow) {
  const event = (version: number, kind: string, from: string | null, to: string, ms: number) => ({
    order: order.id,
    version,
    kind,
    from: from as OrderRow['state'] | null,
    to: to as OrderRow['state'],
    details: {},
    reason: null,
    at: later(order.at, ms),
  });
  return [
    event(1, 'placed', null, 'intent', 0),
    event(2, 'send_started', 'intent', 'sent', 120),
    event(3, 'accepted', 'sent', 'accepted', 400),
    event(4, 'reported', 'accepted', 'filled', 5_000),
  ];
}

/** Writes the orders of trips, and of detailed days everything that a page shows beside them. */
export async function writeTrips(db: Database, { scope, account, trips, detailed }: Written): Promise<void> {
  const seqs = new Map<string, number>();
  const next = (trader: string) => {
    const seq = (seqs.get(trader) ?? 0) + 1;
    seqs.set(trader, seq);
    return seq;
  };
  const rows = trips.flatMap((trip) => [
    orderOf(scope, account, trip, 'buy', next(trip.trader)),
    ...(trip.open ? [] : [orderOf(scope, account, trip, 'sell', next(trip.trader))]),
  ]);
  await inParts(rows, (part) => db.insert(orders).values(part));
  await inParts(rows.map(brokerOrderOf), (part) => db.insert(brokerOrders).values(part));
  const recent = rows.filter(({ tradingDay }) => detailed.includes(tradingDay));
  await inParts(recent.flatMap(eventsOf), (part) => db.insert(orderEvents).values(part));
  const days = trips.filter(({ day }) => detailed.includes(day));
  await inParts(transitionsOf(scope, days), (part) => db.insert(traderTransitions).values(part));
  await inParts(
    days.flatMap((trip) => scansOf(scope, trip)),
    (part) => db.insert(scans).values(part),
  );
  await settleTraders(db, scope, days);
}

async function inParts<Row>(
  rows: readonly Row[],
  write: (part: Row[]) => PromiseLike<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += 500) await write(rows.slice(from, from + 500));
}

/** The traders' rows as their transitions left them: whoever still holds something is HOLDING. */
async function settleTraders(db: Database, scope: string, trips: readonly SeededTrip[]): Promise<void> {
  await db.execute(sql`
    update traders t set state_version = n.seq, phase_since = n.at, last_scan_at = n.scanned
    from (select trader, max(seq) as seq, max(at) as at, max(at) filter (where event = 'scan_due') as scanned
      from trader_transitions where scope = ${scope} group by trader) n
    where t.scope = ${scope} and t.id = n.trader`);
  for (const trip of trips.filter(({ open }) => open)) {
    const position = {
      quantity: String(trip.quantity),
      average: String(trip.entry),
      openedAt: trip.entryAt.getTime(),
    };
    const state = { phase: 'HOLDING', seq: 1, settled: [], symbol: trip.symbol, token: 1, position };
    await db
      .update(traders)
      .set({ phase: 'HOLDING', symbol: trip.symbol, state })
      .where(and(eq(traders.scope, scope), eq(traders.id, trip.trader)));
  }
}

function transitionsOf(scope: string, trips: readonly SeededTrip[]) {
  const seqs = new Map<string, number>();
  return trips.flatMap((trip) => {
    const { trader, symbol, entryAt, exitAt } = trip;
    const line = (
      at: Date,
      event: string,
      from: TraderPhase,
      to: TraderPhase,
      held: number | null,
      price: number | null,
      reason: OrderReason | null = null,
    ) => {
      const seq = (seqs.get(trader) ?? 0) + 1;
      seqs.set(trader, seq);
      return {
        scope,
        trader,
        seq,
        at,
        tradingDay: trip.day,
        event,
        details: { kind: event },
        from,
        to,
        symbol: to === 'SCANNING' ? null : symbol,
        price: price === null ? null : decimal(price),
        quantity: held === null ? null : decimal(held),
        effects: [],
        reason,
      };
    };
    const buy = causeOf(trip, 'buy');
    const sell = causeOf(trip, 'sell');
    const entered = [
      line(later(entryAt, -6_000), 'scan_due', 'IDLE', 'SCANNING', null, null),
      line(later(entryAt, -3_000), 'symbol_locked', 'SCANNING', 'ENTERING', null, trip.entry, buy),
      line(later(entryAt, 2_000), 'order', 'ENTERING', 'HOLDING', trip.quantity, trip.entry),
    ];
    if (trip.open) return entered;
    return [
      ...entered,
      line(later(exitAt, -3_000), 'tick', 'HOLDING', 'EXITING', trip.quantity, trip.exit, sell),
      line(later(exitAt, 2_000), 'order', 'EXITING', 'IDLE', 0, trip.exit, {
        code: 'flat',
        params: { symbol },
      }),
    ];
  });
}

const others = ['005930', '000660', '035420', '068270', '247540'];

function scansOf(scope: string, trip: SeededTrip) {
  const candidates: ScannedCandidate[] = [
    trip.symbol,
    ...others.filter((symbol) => symbol !== trip.symbol),
  ].map((symbol, index) => ({
    symbol,
    rank: index + 1,
    score: Number((0.92 - index * 0.11).toFixed(2)),
    price: index === 0 ? trip.entry : 50_000 + index * 1_000,
    confidence: Number((0.78 - index * 0.09).toFixed(2)),
    chosen: index === 0,
    reason:
      index === 0
        ? null
        : { code: 'confidence_low', params: { confidence: 0.78 - index * 0.09, least: 0.6 } },
  }));
  return [
    {
      scope,
      trader: trip.trader,
      at: later(trip.entryAt, -6_000),
      tradingDay: trip.day,
      looked: 2_653,
      passed: { volume_low: 1_412, price_range: 688, halted: 12 },
      candidates,
      tookMs: 41.5,
    },
  ];
}
