import { setTimeout as wait } from 'node:timers/promises';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Database } from '#db/core/client.ts';
import {
  NoAnswer,
  simulatedBalance,
  simulatedInstruments,
  simulatedQuotes,
  simulatedReports,
} from '#db/simulated/queries.ts';
import { simulatedCandles } from '#db/simulated/candles.ts';
import { type SimulatedSend, sendSimulated } from '#db/simulated/send.ts';
import { simulatedConfig } from '#db/simulated/settings.ts';
import { type Broker, BrokerUnavailable, type Feed, type SendAnswer } from '#worker/brokers/port.ts';

async function query<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new BrokerUnavailable({ code: 'broker_no_reply', params: {} });
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer)
      throw new BrokerUnavailable({ code: 'broker_no_reply', params: {} }, { cause: error });
    throw error;
  }
}

/**
 * The simulated broker of an account within this process, over the database. What its faults lose is lost here too: the
 * answer is `lost`, booked or not.
 * @param features whether it changes prices in place; a market whose config says no refuses revisions anyhow.
 */
export function simulatedBroker(
  db: Database,
  scope: string,
  account: string,
  features: { readonly revises: boolean } = { revises: true },
): Broker {
  const send = async (request: SimulatedSend, signal: AbortSignal): Promise<SendAnswer> => {
    const { faults } = await simulatedConfig(db, scope);
    if (faults.latency_ms > 0) await wait(faults.latency_ms, undefined, { signal }).catch(() => undefined);
    // Nothing went out yet.
    if (signal.aborted)
      return { kind: 'not_executed', reason: { code: 'broker_busy', params: {} }, again: true };
    return sendSimulated(db, scope, account, request);
  };
  return {
    features: { ...features, clientIds: false },
    place: (request, signal) => send({ action: 'place', ...request }, signal),
    revise: (request, signal) => send({ action: 'revise', ...request }, signal),
    cancel: (request, signal) => send({ action: 'cancel', ...request }, signal),
    orders: (since, signal) => query(signal, () => simulatedReports(db, scope, account, since)),
    balance: (signal) => query(signal, () => simulatedBalance(db, scope, account)),
    close: () => Promise.resolve(),
  };
}

/** Quotes and candles of a scope's simulated market. Asking moves it to the scope's time. */
export function simulatedFeed(db: Database, scope: string): Feed {
  return {
    instruments: (signal) => query(signal, () => simulatedInstruments(db, scope)),
    quotes: (symbols, signal) => query(signal, () => simulatedQuotes(db, scope, symbols)),
    candles: (symbols, interval: CandleInterval, from, to, signal) =>
      query(signal, () => simulatedCandles(db, scope, symbols, interval, from, to)),
  };
}
