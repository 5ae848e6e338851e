import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { type Decimal, decimal, plain } from '#domain/core/decimal.ts';
import type { z } from 'zod';
import { entryKey, exitKey } from '#domain/locks/idempotency.ts';
import { type marketConfig, simulatedSymbol } from '#domain/simulation/config.ts';
import { makeControl } from '#db/accounts/controls.ts';
import { accounts, gateways } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { processes } from '#db/engine/schema.ts';
import { openBook } from '#db/ledger/operations.ts';
import { positions } from '#db/ledger/schema.ts';
import { rebuildBook } from '#db/ledger/rebuild.ts';
import { acquireSymbol, renewSymbols } from '#db/locks/symbols.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { quotes } from '#db/market/schema.ts';
import { type Placed, placeIntent } from '#db/orders/place.ts';
import { isOpenRow } from '#db/orders/rows.ts';
import { brokerOrders, orderAttempts, orders } from '#db/orders/schema.ts';
import { createSimulatedMarket } from '#db/simulated/create.ts';
import { advanceSimulated, simulatedQuotes } from '#db/simulated/queries.ts';
import { simulatedFills, simulatedOrders, simulatedRequests } from '#db/simulated/schema.ts';
import { simulatorSource } from '#db/simulated/source.ts';

export const deskScope = 'mock';
export const deskAccount = 'paper';

export const symbolAt = (index: number) => String(900_000 + index * 10);

export interface DeskTrader {
  readonly id: string;
  readonly symbol: string;
  readonly token: number;
}

/** A simulated market that never closes, its account, and so many traders with a symbol each. */
export async function openOrderDesk(
  db: Database,
  count: number,
  config: z.input<typeof marketConfig>,
): Promise<DeskTrader[]> {
  const now = new Date();
  // One more, in which somebody trades by hand.
  const symbols = Array.from({ length: count + 1 }, (_, index) =>
    simulatedSymbol.parse({
      symbol: symbolAt(index),
      name: `Symbol ${index}`,
      market: index % 2 === 0 ? 'KOSPI' : 'KOSDAQ',
      price: 20_000 + index * 500,
    }),
  );
  await db.transaction(async (tx) => {
    await createSimulatedMarket(tx, {
      scope: deskScope,
      calendar: 'CRYPTO',
      seed: 7,
      symbols,
      accounts: [{ id: deskAccount, openingCash: '10000000000' }],
      config: { halt_chance: 0, ...config },
      history: false,
    });
    await tx.insert(accounts).values({
      scope: deskScope,
      id: deskAccount,
      name: 'Paper',
      broker: 'simulated',
      venue: 'KRX',
      calendar: 'CRYPTO',
      feed: simulatorSource(deskScope),
      limits: { position_value: '1000000000', positions: 1_000, entries_per_minute: 600 },
      createdAt: now,
    });
    await makeControl(tx, deskScope, 'account', deskAccount);
    await openBook(tx, deskScope, deskAccount, decimal('10000000000'), now);
    for (let index = 0; index < count; index += 1) await makeControl(tx, deskScope, 'trader', `t${index}`);
  });
  const traders: DeskTrader[] = [];
  for (const [index, { symbol }] of symbols.slice(0, count).entries()) {
    const trader = `t${index}`;
    const answer = await db.transaction((tx) => acquireSymbol(tx, deskScope, symbol, trader));
    if (!answer.taken) throw new Error(`${symbol} is ${answer.why}`);
    traders.push({ id: trader, symbol, token: answer.token });
  }
  return traders;
}

/** Keeps quotes fresh and holds alive, as monitor and collector do. */
export async function tendDesk(db: Database, traders: readonly DeskTrader[]): Promise<void> {
  await advanceSimulated(db, deskScope);
  await writeQuotes(db, await simulatedQuotes(db, deskScope, null));
  await renewSymbols(
    db,
    deskScope,
    traders.map(({ id, symbol, token }) => ({ trader: id, symbol, token })),
  );
}

export async function heldBy(db: Database, { symbol }: DeskTrader): Promise<Decimal> {
  const [row] = await db
    .select({ quantity: positions.quantity })
    .from(positions)
    .where(and(eq(positions.account, deskAccount), eq(positions.symbol, symbol)));
  return row?.quantity ?? decimal(0);
}

/** An order that meets the other side at once, or rests where nobody is. Refusals are told, never thrown. */
export async function deskOrder(
  db: Database,
  trader: DeskTrader,
  seq: number,
  side: 'buy' | 'sell',
  quantity: Decimal,
  resting: boolean,
): Promise<Placed> {
  const [quote] = await db.select().from(quotes).where(eq(quotes.symbol, trader.symbol));
  const price = side === 'buy' ? (resting ? quote?.bid : quote?.ask) : resting ? quote?.ask : quote?.bid;
  if (price == null)
    return { placed: false, refusals: [{ check: 'data_fresh', code: 'no_quote', params: {} }] };
  const parts = { ticker: trader.symbol, timeframe: '1m', candle_ts: 1_795_000_000 + seq * 60, action: side };
  const now = new Date();
  return db.transaction((tx) =>
    placeIntent(tx, {
      scope: deskScope,
      account: deskAccount,
      trader: trader.id,
      seq,
      side,
      symbol: trader.symbol,
      token: trader.token,
      quantity,
      price,
      cause: { code: 'test', params: {} },
      key: side === 'buy' ? entryKey(parts) : exitKey({ ...parts, episode: 1, step: seq }),
      flatten: false,
      now,
      tradingDay: now.toISOString().slice(0, 10),
    }),
  );
}

export interface DeskOrderRow {
  readonly state: string;
  readonly over: boolean;
  readonly candidates: number;
}

export async function orderRow(db: Database, id: string): Promise<DeskOrderRow | null> {
  const [row] = await db.select().from(orders).where(eq(orders.id, id));
  if (row === undefined) return null;
  const over = ['filled', 'cancelled', 'rejected'].includes(row.state);
  return { state: row.state, over, candidates: row.candidates?.length ?? 0 };
}

/** Marks all news as heard, for desks whose traders are no machines. */
export async function hearAll(db: Database): Promise<void> {
  await db
    .update(orders)
    .set({ toldVersion: sql`${orders.version}` })
    .where(isOpenRow);
}

const counted = (rows: readonly (readonly [string | null, number])[]) =>
  Object.fromEntries(rows.map(([name, count]) => [name ?? '', count]));

/** How many orders there are, and how many tries came to what. */
export async function deskFigures(db: Database) {
  const states = await db
    .select({ state: orders.state, count: sql<number>`count(*)`.mapWith(Number) })
    .from(orders)
    .groupBy(orders.state);
  const tries = await db
    .select({ outcome: orderAttempts.outcome, count: sql<number>`count(*)`.mapWith(Number) })
    .from(orderAttempts)
    .groupBy(orderAttempts.outcome);
  const answers = await db
    .select({ answer: simulatedRequests.answer, count: sql<number>`count(*)`.mapWith(Number) })
    .from(simulatedRequests)
    .groupBy(simulatedRequests.answer);
  const reasons = await db
    .select({ code: sql<string>`${orders.reason} ->> 'code'`, count: sql<number>`count(*)`.mapWith(Number) })
    .from(orders)
    .where(inArray(orders.state, ['cancelled', 'rejected', 'unknown']))
    .groupBy(sql`${orders.reason} ->> 'code'`);
  return {
    orders: counted(states.map(({ state, count }) => [state, count])),
    tries: counted(tries.map(({ outcome, count }) => [outcome, count])),
    broker: counted(answers.map(({ answer, count }) => [answer, count])),
    reasons: counted(reasons.map(({ code, count }) => [code, count])),
  };
}

/** Orders that are neither over nor waiting for a person. */
export async function unsettledOrders(db: Database): Promise<number> {
  const rows = await db
    .select({ id: orders.id })
    .from(orders)
    .where(and(isOpenRow, isNull(orders.candidates)));
  return rows.length;
}

async function doubled(db: Database): Promise<string[]> {
  const rows = await db
    .select({ id: simulatedOrders.clientId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(simulatedOrders)
    .where(and(eq(simulatedOrders.role, 'new'), eq(simulatedOrders.manual, false)))
    .groupBy(simulatedOrders.clientId)
    .having(sql`count(*) > 1`);
  return rows.map(({ id, count }) => `order ${id} is at the broker ${count} times`);
}

/** A second request is only right after one that certainly was not looked at. */
async function resent(db: Database): Promise<string[]> {
  const rows = await db
    .select({ id: simulatedRequests.clientId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(simulatedRequests)
    .where(
      and(
        eq(simulatedRequests.action, 'place'),
        sql`${simulatedRequests.answer} <> 'not_executed'`,
        sql`${simulatedRequests.clientId} in (select id::text from orders)`,
      ),
    )
    .groupBy(simulatedRequests.clientId)
    .having(sql`count(*) > 1`);
  return rows.map(({ id, count }) => `order ${id} was sent ${count} times`);
}

/** Every order at the broker belongs to the order of ours that asked for it, and nobody's own to none. */
async function wronglyOwned(db: Database): Promise<string[]> {
  const rows = await db
    .select({
      key: simulatedOrders.key,
      manual: simulatedOrders.manual,
      asked: simulatedOrders.clientId,
      role: simulatedOrders.role,
      owner: brokerOrders.order,
      state: orders.state,
    })
    .from(simulatedOrders)
    .leftJoin(
      brokerOrders,
      and(eq(brokerOrders.account, simulatedOrders.account), eq(brokerOrders.key, simulatedOrders.key)),
    )
    .leftJoin(orders, sql`${orders.id}::text = ${simulatedOrders.clientId}`);
  return rows.flatMap(({ key, manual, asked, role, owner, state }) => {
    if (manual) return owner === null ? [] : [`${key} is somebody's own and was taken by ${owner}`];
    if (role !== 'new') return owner === null ? [`${key} (${role}) belongs to nobody`] : [];
    if (owner === asked) return [];
    // A person has still to say which it is.
    if (owner === null && state === 'unknown') return [];
    return [`${key} of ${asked} belongs to ${owner ?? 'nobody'} (${state})`];
  });
}

/** What our book counts of each broker order is what the broker filled and charged. */
async function miscounted(db: Database): Promise<string[]> {
  const rows = await db.execute<{ key: string; theirs: string; ours: string }>(sql`
    with theirs as (
      select f.key, sum(f.quantity) as quantity, sum(f.quantity * f.price) as amount, sum(f.fee) as fee, sum(f.tax) as tax
      from ${simulatedFills} f group by f.key),
    ours as (
      select regexp_replace(split_part(e.id, ':', 2), '#.*$', '') as key,
        sum(e.quantity) filter (where e.kind = 'fill') as quantity, sum(e.amount) filter (where e.kind = 'fill') as amount,
        coalesce(sum(e.amount) filter (where e.kind = 'fee'), 0) as fee, coalesce(sum(e.amount) filter (where e.kind = 'tax'), 0) as tax
      from ledger_entries e where e.kind in ('fill', 'fee', 'tax') group by 1),
    own as (select b.key from broker_orders b where b.order_id is not null)
    select coalesce(t.key, o.key) as key, concat_ws('/', t.quantity, t.amount, t.fee, t.tax) as theirs, concat_ws('/', o.quantity, o.amount, o.fee, o.tax) as ours
    from theirs t join own on own.key = t.key full join ours o on o.key = t.key
    where (t.quantity, t.amount, t.fee, t.tax) is distinct from (o.quantity, o.amount, o.fee, o.tax)`);
  return [...rows].map(
    ({ key, theirs, ours }) => `${key}: the broker filled ${theirs}, our book has ${ours}`,
  );
}

/** Everything that must never be, whatever was killed when. Empty when every promise was kept. */
export async function orderViolations(db: Database): Promise<string[]> {
  const { book, differences } = await rebuildBook(db, deskScope, deskAccount);
  const oversold = [...book.positions].filter(([, { quantity }]) => quantity.lt(0));
  return [
    ...(await doubled(db)),
    ...(await resent(db)),
    ...(await wronglyOwned(db)),
    ...(await miscounted(db)),
    ...differences.map(
      (each) => `the kept ${each.what} of ${each.symbol} is ${each.kept}, not ${each.reckoned}`,
    ),
    ...oversold.map(([symbol, { quantity }]) => `${symbol} is held ${plain(quantity)}`),
  ];
}

/** How many orders were placed, and how many of them went out. */
export async function ordersPlaced(db: Database): Promise<{ readonly all: number; readonly sent: number }> {
  const [row] = await db
    .select({
      all: sql<number>`count(*)`.mapWith(Number),
      sent: sql<number>`count(*) filter (where exists (select 1 from ${orderAttempts} a where a.order_id = ${orders.id}))`.mapWith(
        Number,
      ),
    })
    .from(orders)
    .where(gt(orders.seq, 0));
  return row ?? { all: 0, sent: 0 };
}

/** The process that sends for the account now. */
export async function gatewayPid(db: Database): Promise<number | null> {
  const [row] = await db
    .select({ pid: processes.pid })
    .from(gateways)
    .innerJoin(processes, eq(processes.id, gateways.process))
    .where(eq(gateways.account, deskAccount));
  return row?.pid ?? null;
}
