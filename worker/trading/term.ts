import { GatewayReplaced, type GatewayTerm, beatGateway } from '#db/accounts/gateways.ts';
import type { AccountRow } from '#db/accounts/terms.ts';
import type { Database } from '#db/core/client.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { leftIntents, openSends, recoverOrder } from '#db/orders/recover.ts';
import type { Broker } from '#worker/brokers/port.ts';
import { type Alarm, createAlarm } from '#worker/engine/loop.ts';
import { log } from '#worker/log.ts';
import type { GatewayOptions, GatewayTiming } from './gateway-types.ts';
import { createHerald } from './news.ts';
import { type Reader, createReader, troubleOf } from './reader.ts';
import { type Sender, createSender, isGoing } from './sender.ts';
import { senderGone } from './sender-proof.ts';

/** Comparisons that fail for so many rhythms make the account unready. */
const missedComparisons = 3;

export interface TermOptions {
  readonly options: GatewayOptions;
  readonly timing: GatewayTiming;
  readonly account: AccountRow;
  readonly term: GatewayTerm;
  readonly broker: Broker;
  /** Woken when something was written that may be sent. */
  readonly alarm: Alarm;
  readonly signal: AbortSignal;
}

/** Brings on what former senders left, as far as they are proven dead. @returns whether nothing is left. */
async function recover(db: Database, account: AccountRow, term: GatewayTerm): Promise<boolean> {
  const { scope, id } = account;
  let all = true;
  for (const send of await openSends(db, scope, id)) {
    if (send.epoch === term.epoch && send.process === term.process) continue;
    if (await senderGone(db, send, term.process, isGoing)) await recoverOrder(db, scope, send.order);
    else all = false;
  }
  return all;
}

/**
 * One term of an account's gateway: recovers, compares, then sends and looks until the signal ends it.
 * @throws GatewayReplaced when another process took the account over.
 */
export async function runTerm({
  options,
  timing,
  account,
  term,
  broker,
  alarm,
  signal,
}: TermOptions): Promise<void> {
  const { db } = options;
  const { scope, id } = account;
  const ended = new AbortController();
  const on = AbortSignal.any([signal, ended.signal]);
  const herald = createHerald((traders) => options.onNews(scope, traders));
  const readAlarm = createAlarm(on);
  let trouble: OrderReason | null = null;
  let open = false;
  let replaced: GatewayReplaced | null = null;

  const endedBy = (error: GatewayReplaced) => {
    replaced ??= error;
    ended.abort();
  };
  const reader = createReader({
    db,
    account,
    term,
    broker,
    readMs: timing.readMs,
    signal: on,
    tell: herald.tell,
    halt: (traders, reason) => options.halt(scope, traders, reason),
  });
  const sender = createSender({
    db,
    sending: {
      scope,
      account: id,
      term,
      revises: broker.features.revises,
      deadlineMs: timing.deadlineMs,
    },
    broker,
    sendMs: timing.sendMs,
    signal: on,
    open: () => open,
    changed: () => readAlarm.wake(),
    replaced: endedBy,
    wake: alarm.wake,
  });

  for (const order of await leftIntents(db, scope, id)) await recoverOrder(db, scope, order);
  const guard = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (error instanceof GatewayReplaced) endedBy(error);
      else log.warn({ err: error, account: id }, `${what} failed; trying again`);
    }
  };
  const parts = [
    loop(on, createAlarm(on), timing.beatMs, () =>
      guard('the gateway’s beat', () => beatGateway(db, scope, id, term, trouble)),
    ),
    loop(on, alarm, timing.idleMs, () => guard('sending', () => sender.dispatch())),
    runReads({
      db,
      account,
      term,
      timing,
      reader,
      signal: on,
      alarm: readAlarm,
      guard,
      told: (reason, ready) => {
        trouble = reason;
        if (!ready || open) return;
        open = true;
        alarm.wake();
      },
    }),
  ];
  await Promise.all(parts);
  await finish(sender, herald.idle);
  if (replaced !== null) throw replaced;
}

async function finish(sender: Sender, idle: () => Promise<void>): Promise<void> {
  await sender.idle();
  await idle();
}

async function loop(signal: AbortSignal, alarm: Alarm, ms: number, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await alarm.sleep(ms);
  }
}

interface Reads {
  readonly db: Database;
  readonly account: AccountRow;
  readonly term: GatewayTerm;
  readonly timing: GatewayTiming;
  readonly reader: Reader;
  readonly signal: AbortSignal;
  readonly alarm: Alarm;
  readonly guard: (what: string, act: () => Promise<void>) => Promise<void>;
  /** How the broker was reached, and whether the account has been compared since the term began. */
  readonly told: (trouble: OrderReason | null, compared: boolean) => void;
}

/** Looks at the broker, one question at a time: each second while anything is open, all of it each half minute. */
async function runReads({ db, account, term, timing, reader, signal, alarm, guard, told }: Reads) {
  let comparedAt: number | null = null;
  let due = true;
  const begunAt = performance.now();
  const isDue = () => due || comparedAt === null || performance.now() - comparedAt >= timing.reconcileMs;
  const late = () => performance.now() - (comparedAt ?? begunAt) > missedComparisons * timing.reconcileMs;

  async function pass(): Promise<void> {
    try {
      if (isDue()) {
        due = false;
        await reader.reconcile();
        comparedAt = performance.now();
      } else if ((await reader.poll()).filled > 0) due = true;
      told(null, comparedAt !== null);
    } catch (error) {
      if (error instanceof GatewayReplaced) throw error;
      if (comparedAt === null) due = true;
      told(troubleOf(error), comparedAt !== null);
      log.warn({ err: error, account: account.id }, 'the broker could not be asked');
      if (late()) await reader.unready({ code: 'reconcile_failed', params: {} });
    }
    if ((await reader.resolve()).needsBalance) due = true;
    await reader.tellUntold();
  }

  let lookedAt = -Infinity;
  while (!signal.aborted) {
    // Woken after a send: not more often than the broker may be asked.
    const wait = lookedAt + timing.pollMs / 4 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (signal.aborted) return;
    lookedAt = performance.now();
    await guard('recovering', async () => void (await recover(db, account, term)));
    await guard('looking at the broker', pass);
    await alarm.sleep(timing.pollMs);
  }
}
