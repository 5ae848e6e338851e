import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { candle } from '#domain/market/candle.ts';
import { instrument } from '#domain/market/instrument.ts';
import { quote } from '#domain/market/quote.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { type Broker, BrokerUnavailable, type Feed, type SendAnswer } from '#worker/brokers/port.ts';
import { answerBody, attemptHeader, balanceBody, reportsBody, textOf } from './wire.ts';

export interface SimulatedClientOptions {
  readonly account: string;
  /** How long an answer is waited for. */
  readonly timeoutMs?: number;
  readonly revises?: boolean;
}

type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** No byte went out. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'lost' };

/** One request on a connection of its own, so that it is known whether any byte of it went out. */
function ask(url: URL, method: 'GET' | 'POST', body: unknown, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    let connected = false;
    const failed = () => resolve(connected ? { kind: 'lost' } : { kind: 'unreachable' });
    const headers = { 'content-type': 'application/json', [attemptHeader]: randomUUID() };
    const request = httpRequest(url, { method, headers, agent: false, signal });
    request.on('socket', (socket) => socket.once('connect', () => (connected = true)));
    request.on('error', failed);
    request.on('response', (response) => {
      json(response).then(
        (read) => resolve({ kind: 'answer', status: response.statusCode ?? 0, body: read }),
        failed,
      );
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const bare = (code: string): OrderReason => ({ code, params: {} });

/** Account and market of a simulated broker's server. @param url `http://127.0.0.1:<port>`. */
export function simulatedClient(url: string, options: SimulatedClientOptions): Broker & Feed {
  const { account, timeoutMs = 2_000, revises = true } = options;
  const bounded = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const own = (what: string) => new URL(`/accounts/${encodeURIComponent(account)}/${what}`, url);

  async function send(what: string, body: unknown, signal: AbortSignal): Promise<SendAnswer> {
    if (signal.aborted) return { kind: 'not_executed', reason: bare('broker_unreachable'), again: true };
    const outcome = await ask(own(what), 'POST', body, bounded(signal));
    if (outcome.kind === 'unreachable')
      return { kind: 'not_executed', reason: bare('broker_unreachable'), again: true };
    if (outcome.kind === 'lost') return { kind: 'lost', reason: bare('broker_no_reply') };
    const answer = answerBody.safeParse(outcome.body);
    return answer.success ? answer.data : { kind: 'lost', reason: bare('broker_error') };
  }
  async function query<T>(of: URL, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const outcome = await ask(of, 'GET', undefined, bounded(signal));
    if (outcome.kind === 'unreachable') throw new BrokerUnavailable(bare('broker_unreachable'));
    if (outcome.kind === 'lost') throw new BrokerUnavailable(bare('broker_no_reply'));
    const answer = schema.safeParse(outcome.body);
    if (outcome.status === 200 && answer.success) return answer.data;
    throw new BrokerUnavailable(bare('broker_error'), { cause: answer.error });
  }
  function market(what: string, params: Readonly<Record<string, string>> = {}): URL {
    const of = new URL(`/${what}`, url);
    for (const [name, value] of Object.entries(params)) of.searchParams.set(name, value);
    return of;
  }
  return {
    features: { revises, clientIds: false },
    place: ({ clientId, symbol, side, quantity, price }, signal) =>
      send(
        'place',
        { client_id: clientId, symbol, side, quantity: textOf(quantity), price: textOf(price) },
        signal,
      ),
    revise: ({ target, symbol, quantity, price }, signal) =>
      send('revise', { target, symbol, quantity: textOf(quantity), price: textOf(price) }, signal),
    cancel: ({ target, symbol }, signal) => send('cancel', { target, symbol }, signal),
    orders(since, signal) {
      const of = own('orders');
      of.searchParams.set('since', since.toISOString());
      return query(of, reportsBody, signal);
    },
    balance: (signal) => query(own('balance'), balanceBody, signal),
    instruments: (signal) => query(market('instruments'), z.array(instrument), signal),
    quotes: (symbols, signal) =>
      query(market('quotes', symbols === null ? {} : { symbols: symbols.join(',') }), z.array(quote), signal),
    candles: (symbols, interval, from, to, signal) =>
      query(
        market('candles', {
          symbols: symbols.join(','),
          interval,
          from: from.toISOString(),
          to: to.toISOString(),
        }),
        z.array(candle),
        signal,
      ),
    close: () => Promise.resolve(),
  };
}
