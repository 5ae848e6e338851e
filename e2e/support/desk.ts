import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { decimal } from '#domain/core/decimal.ts';
import { uuidV7 } from '#domain/core/ids.ts';
import { brokerKey } from '#domain/orders/broker-order.ts';
import { makeControl } from '#db/accounts/controls.ts';
import { accounts, gateways } from '#db/accounts/schema.ts';
import { type Database, connect } from '#db/core/client.ts';
import { openBook } from '#db/ledger/operations.ts';
import { brokerOrders, orderAttempts, orderEvents, orders } from '#db/orders/schema.ts';
import { seedTradingDays } from '#db/testing/trading-days.ts';
import { databaseUrls } from '../../bin/lib/database.mjs';

const scope = 'mock';
/** An account that no process of ours sends for: what is seeded of it stays as it is. */
const account = 'by-hand';

function database(): Database {
  const urls = databaseUrls(process.env, process.env['E2E_HOME'] ?? '.bellkeeper');
  if (urls === null) throw new Error('The application under test has no database here: set E2E_HOME.');
  return connect(urls.DATABASE_URL, { max: 2, applicationName: 'bellkeeper:e2e' });
}

export interface SeededDesk {
  /** An order of which nobody knows whether it reached the broker. */
  readonly unknown: string;
  /** Broker orders that it may be. */
  readonly candidates: readonly [string, string];
  /** One that is open at the broker. */
  readonly open: string;
}

const candidates = ['2026-11-20/06010/0000901001', '2026-11-20/06010/0000901007'] as const;
let made: Promise<SeededDesk> | null = null;

/** A mock scope that has traded for some days, with an open and an unknown order; made once. */
export function seedDesk(): Promise<SeededDesk> {
  made ??= seed();
  return made;
}

async function seed(): Promise<SeededDesk> {
  const db = database();
  try {
    const known = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.scope, scope));
    if (!known.some(({ id }) => id === 'paper')) await seedTradingDays(db, { days: 5 });
    if (!known.some(({ id }) => id === account)) await openAccount(db);
    const placed = await db
      .select({ id: orders.id, state: orders.state })
      .from(orders)
      .where(and(eq(orders.scope, scope), eq(orders.account, account)));
    const idOf = (state: string) => placed.find((order) => order.state === state)?.id;
    return {
      candidates,
      open: idOf('accepted') ?? (await place(db, 1, { state: 'accepted' })),
      unknown: idOf('unknown') ?? (await placeUnknown(db)),
    };
  } finally {
    await db.$client.end({ timeout: 5 });
  }
}

async function openAccount(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(accounts).values({
      scope,
      id: account,
      name: 'By hand',
      broker: 'kis',
      venue: 'KRX',
      calendar: 'XKRX',
      feed: `simulator:${scope}`,
      limits: { position_value: '20000000', positions: 10, entries_per_minute: 30 },
      createdAt: new Date(),
    });
    await makeControl(tx, scope, 'account', account);
    await tx.insert(gateways).values({ scope, account });
    await openBook(tx, scope, account, decimal(10_000_000), new Date());
  });
}

async function place(db: Database, seq: number, parts: Partial<typeof orders.$inferInsert>): Promise<string> {
  const at = new Date();
  const id = uuidV7(at, randomBytes(10));
  await db.insert(orders).values({
    scope,
    id,
    account,
    trader: 'by-hand-trader',
    seq,
    symbol: '005930',
    side: 'buy',
    purpose: 'entry',
    quantity: decimal(14),
    price: decimal(70_100),
    key: `e2e-${id}`,
    fencing: seq,
    state: 'accepted',
    cause: { code: 'volume_zone_breakout', params: { high: '70200', resistance: '70000' } },
    filled: decimal(0),
    amount: decimal(0),
    tradingDay: '2026-11-20',
    toldVersion: 2,
    version: 2,
    at,
    updatedAt: at,
    ...parts,
  });
  return id;
}

async function placeUnknown(db: Database): Promise<string> {
  const reason = { code: 'sender_lost', params: {} };
  const keys = candidates.map((key) => brokerKey.parse(key));
  const id = await place(db, 2, { state: 'unknown', symbol: '000660', reason, candidates: keys });
  const at = new Date();
  await db.insert(orderAttempts).values({
    order: id,
    number: 1,
    request: { kind: 'new' },
    fingerprint: randomBytes(32).toString('hex'),
    at,
    deadline: new Date(at.getTime() + 5_000),
    outcome: 'unknown',
    closedAt: new Date(at.getTime() + 9_000),
    process: '00000000-0000-7000-8000-000000000000' as typeof orderAttempts.$inferInsert.process,
    epoch: 1,
  });
  await db.insert(orderEvents).values({
    order: id,
    version: 2,
    kind: 'recovered',
    from: 'sent',
    to: 'unknown',
    details: {},
    reason,
    at,
  });
  await db
    .insert(brokerOrders)
    .values(
      keys.map((key) => ({
        scope,
        account,
        key,
        role: 'new' as const,
        symbol: '000660',
        side: 'buy' as const,
        quantity: decimal(14),
        price: decimal(70_100),
        at,
        filled: decimal(0),
        amount: decimal(0),
        cancelled: decimal(0),
        rejected: decimal(0),
        seenAt: at,
      })),
    )
    .onConflictDoNothing();
  return id;
}
