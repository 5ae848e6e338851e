import { setTimeout as wait } from 'node:timers/promises';
import type { OrderReason } from '#domain/orders/order.ts';
import { GatewayReplaced } from '#db/accounts/gateways.ts';
import type { Database } from '#db/core/client.ts';
import { type SendOutcome, answerSend } from '#db/orders/answer.ts';
import type { OpenSend } from '#db/orders/recover.ts';
import { type Begun, type Sending, beginSend, whileAllowed } from '#db/orders/send.ts';
import { type OrderWork, type WorkKind, pendingWork } from '#db/orders/work.ts';
import type { Broker, SendAnswer } from '#worker/brokers/port.ts';
import { log } from '#worker/log.ts';

/** Sends that may be under way at once, by kind: a slow reply to one kind never holds back another. */
const room: Readonly<Record<WorkKind, number>> = { cancel: 8, exit: 8, entry: 4 };

type Send = Extract<Begun, { kind: 'send' }>;

/** Tries that this process is still working on, across all of its terms. */
const going = new Set<string>();
const nameOf = (order: string, attempt: number) => `${order}#${attempt}`;

/** Whether this process may still send or answer this try. */
export function isGoing(send: Pick<OpenSend, 'order' | 'number'>): boolean {
  return going.has(nameOf(send.order, send.number)) || beginning.has(send.order);
}
const beginning = new Set<string>();

const because = (code: string): OrderReason => ({ code, params: {} });

export interface SenderOptions {
  readonly db: Database;
  readonly sending: Sending;
  readonly broker: Broker;
  readonly sendMs: number;
  /** Aborted when the term ends: nothing is started after it. */
  readonly signal: AbortSignal;
  /** Whether the account was compared with the broker; until then only cancels go out. */
  readonly open: () => boolean;
  /** An order changed: its trader has news. */
  readonly changed: () => void;
  readonly replaced: (error: GatewayReplaced) => void;
  /** A send ended: there may be room for the next. */
  readonly wake: () => void;
}

export interface Sender {
  /** Starts whatever may be sent now. */
  dispatch(): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

function ask(broker: Broker, { order, request }: Send, signal: AbortSignal): Promise<SendAnswer> {
  const { symbol } = order;
  switch (request.kind) {
    case 'new': {
      const { id: clientId, side, quantity, price } = order;
      return broker.place({ clientId, symbol, side, quantity, price }, signal);
    }
    case 'revise': {
      const { target, quantity, price } = request;
      return broker.revise({ target, symbol, quantity, price }, signal);
    }
    case 'cancel':
      return broker.cancel({ target: request.target, symbol }, signal);
  }
}

/** The answer, or that there was none in time. Never rejects: what is not known is lost. */
async function answerOf(broker: Broker, send: Send, sendMs: number): Promise<SendOutcome> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), sendMs);
  const tooLate = new Promise<SendOutcome>((resolve) => {
    // An adapter that does not heed its signal is not waited for either.
    limit.signal.addEventListener('abort', () =>
      setTimeout(() => resolve({ kind: 'lost', reason: because('no_answer') }), 500),
    );
  });
  try {
    return await Promise.race([ask(broker, send, limit.signal), tooLate]);
  } catch (error) {
    log.error({ err: error, order: send.order.id }, 'a broker adapter threw');
    return { kind: 'lost', reason: because('adapter_failed') };
  } finally {
    clearTimeout(timer);
  }
}

/** An exit whose moment passed while it waited for this machine goes out under a new try; an entry never late. */
function withheld(send: Send, reason: OrderReason): SendOutcome {
  const isExit = send.order.purpose === 'exit' || send.request.kind !== 'new';
  const again = isExit && ['deadline_passed', 'not_started'].includes(reason.code);
  return { kind: 'not_executed', reason, again };
}

/** Sends of one term. */
export function createSender(options: SenderOptions): Sender {
  const { db, sending, broker, signal } = options;
  const busy = new Map<string, OrderWork>();
  const tasks = new Set<Promise<void>>();

  /** An answer is written whatever it takes: without it nobody may ever say that this try is over. */
  async function keep(send: Send, outcome: SendOutcome): Promise<void> {
    const { id } = send.order;
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      try {
        const kind = await answerSend(db, sending.scope, id, send.attempt, outcome);
        if (kind === 'refused')
          log.error({ order: id, attempt: send.attempt, outcome: outcome.kind }, 'an answer was refused');
        return;
      } catch (error) {
        log.warn({ err: error, order: id }, 'an answer could not be stored; trying again');
        await wait(pause);
      }
    }
  }

  async function send(begun: Send): Promise<void> {
    const start = (): { reply: Promise<SendOutcome> } | null =>
      signal.aborted ? null : { reply: answerOf(broker, begun, options.sendMs) };
    let outcome: SendOutcome;
    try {
      const answer = await whileAllowed(db, sending, begun, start);
      if (!answer.allowed) outcome = withheld(begun, answer.reason);
      else if (answer.value === null) outcome = withheld(begun, because('gateway_replaced'));
      else outcome = await answer.value.reply;
    } catch (error) {
      const over = error instanceof GatewayReplaced;
      if (over) options.replaced(error);
      else log.warn({ err: error, order: begun.order.id }, 'a send was given up before its first byte');
      outcome = withheld(begun, because(over ? 'gateway_replaced' : 'not_started'));
    }
    await keep(begun, outcome);
  }

  /** @returns whether anything came of it: what waits is looked at again with the next pass. */
  async function work(item: OrderWork): Promise<boolean> {
    beginning.add(item.id);
    let name: string | null = null;
    try {
      const begun = await beginSend(db, sending, item.id);
      if (begun.kind === 'send') {
        name = nameOf(item.id, begun.attempt);
        going.add(name);
        beginning.delete(item.id);
        await send(begun);
      }
      if (begun.kind === 'waits') return false;
      options.changed();
      return true;
    } catch (error) {
      if (error instanceof GatewayReplaced) options.replaced(error);
      else log.warn({ err: error, order: item.id }, 'an order could not be sent; trying again');
      return false;
    } finally {
      beginning.delete(item.id);
      if (name !== null) going.delete(name);
    }
  }

  async function run(item: OrderWork): Promise<void> {
    busy.set(item.id, item);
    const did = await work(item);
    busy.delete(item.id);
    if (did) options.wake();
  }

  function mayStart(item: OrderWork): boolean {
    if (busy.has(item.id) || (item.kind !== 'cancel' && !options.open())) return false;
    const under = [...busy.values()];
    if (under.filter(({ kind }) => kind === item.kind).length >= room[item.kind]) return false;
    // Two at once of one symbol and side could not be told from each other.
    return (
      !item.isNew ||
      !under.some((each) => each.isNew && each.symbol === item.symbol && each.side === item.side)
    );
  }

  return {
    async dispatch() {
      if (signal.aborted) return;
      for (const item of await pendingWork(db, sending.scope, sending.account)) {
        if (signal.aborted) return;
        if (!mayStart(item)) continue;
        const task = run(item).finally(() => void tasks.delete(task));
        tasks.add(task);
      }
    },
    async idle() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
  };
}
