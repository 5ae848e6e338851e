import { randomBytes } from 'node:crypto';
import { processId, uuidV7 } from '#domain/core/ids.ts';
import { tryGateway } from '#db/accounts/gateways.ts';
import { connectRaw } from '#db/core/client.ts';
import { haltTraders } from '#db/traders/halt.ts';
import type { TestDatabase } from '#db/testing/database.ts';
import { putClock } from '#db/testing/trading-desk.ts';
import { accountNamed } from '#db/testing/trading-books.ts';
import type { Broker } from '#worker/brokers/port.ts';
import { simulatedBroker } from '#worker/brokers/simulated/adapter.ts';
import { tradingCycle } from '#worker/trading/cycle.ts';
import { feedsOf } from '#worker/trading/feeds.ts';
import { flattenBackstop } from '#worker/trading/flatten.ts';
import { monitor } from '#worker/trading/monitor.ts';
import { managePositions } from '#worker/trading/positions.ts';
import { createReader } from '#worker/trading/reader.ts';
import { createSender } from '#worker/trading/sender.ts';
import { stepOnNews } from '#worker/trading/step.ts';

export interface DayOptions {
  readonly scope?: string;
  readonly account?: string;
  /** Another broker than the simulated one, or that one with something between. */
  readonly broker?: Broker;
  /** The instant at which the backstop runs; null: never. */
  readonly backstop?: Date | null;
}

/** A trading desk whose day passes as fast as it can be reckoned: the clock stands where this puts it. */
export interface TradingDay extends AsyncDisposable {
  /** What is due at this instant: the market, gateway, cycle, positions, monitor. */
  at(now: Date): Promise<void>;
  /** Goes from an instant to another in steps of so many seconds, both ends included. */
  pass(from: Date, to: Date, stepSec: number, each?: (now: Date) => Promise<void>): Promise<void>;
  /** Sends what waits, looks at the broker and tells the news, until nothing moves. */
  settle(): Promise<void>;
  /** Compares everything with the broker. */
  reconcile(): Promise<boolean>;
}

const minuteMs = 60_000;
/** A pass of the gateway may bring news that bring orders; they are followed so far. */
const mostRounds = 6;

/**
 * Runs the desk's own parts, one after another, in this process: the gateway's sender and reader, the trading cycle and
 * position management each minute, the monitor each step. No timers and no jobs, so that the same seed gives the same day.
 */
export async function tradingDay(
  database: Pick<TestDatabase, 'db' | 'url'>,
  options: DayOptions = {},
): Promise<TradingDay> {
  const { db, url } = database;
  const { scope = 'mock', account: id = 'paper' } = options;
  const ended = new AbortController();
  const account = await accountNamed(db, scope, id);
  const own = processId.parse(uuidV7(new Date(), randomBytes(10)));
  const lock = connectRaw(url, { applicationName: `bellkeeper:${own}`, max: 1, onClose: () => undefined });
  const term = await tryGateway(lock, db, account, own);
  if (term === null) throw new Error(`Somebody else is the gateway of ${id}.`);
  const broker = options.broker ?? simulatedBroker(db, scope, id);
  let failed: unknown = null;
  const reader = createReader({
    db,
    account,
    term,
    broker,
    readMs: 10_000,
    signal: ended.signal,
    tell: () => undefined,
    halt: (traders, reason) => haltTraders(db, scope, traders, reason),
  });
  const sender = createSender({
    db,
    sending: { scope, account: id, term, revises: broker.features.revises, deadlineMs: 5_000 },
    broker,
    sendMs: 10_000,
    signal: ended.signal,
    open: () => true,
    changed: () => undefined,
    replaced: (error) => {
      failed = error;
    },
    wake: () => undefined,
  });
  const feedOf = feedsOf(db);

  async function settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      await sender.dispatch();
      await sender.idle();
      await reader.poll();
      await reader.resolve();
      const { stepped } = await stepOnNews(db, scope, null);
      if (failed !== null) throw failed;
      if (stepped === 0) return;
    }
  }

  async function at(now: Date): Promise<void> {
    await putClock(db, scope, now);
    await settle();
    const onMinute = now.getTime() % minuteMs < 1_000;
    if (onMinute) {
      await reader.reconcile();
      await managePositions(db, scope, null);
    }
    await monitor({ db, scope, feedOf, signal: ended.signal });
    if (onMinute) await tradingCycle(db, scope, null);
    if (options.backstop?.getTime() === now.getTime()) await flattenBackstop(db, scope, null);
    await settle();
  }

  return {
    at,
    settle,
    async pass(from, to, stepSec, each) {
      for (let now = from.getTime(); now <= to.getTime(); now += stepSec * 1_000) {
        await at(new Date(now));
        await each?.(new Date(now));
      }
    },
    async reconcile() {
      const { ready } = await reader.reconcile();
      await stepOnNews(db, scope, null);
      return ready;
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await lock.end({ timeout: 1 });
    },
  };
}
