import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { Problem } from '#domain/core/errors.ts';
import type { Database } from '#db/core/client.ts';
import { simulatedCandles } from '#db/simulated/candles.ts';
import {
  NoAnswer,
  simulatedBalance,
  simulatedInstruments,
  simulatedQuotes,
  simulatedReports,
} from '#db/simulated/queries.ts';
import { type SimulatedSend, sendSimulated } from '#db/simulated/send.ts';
import { simulatedConfig } from '#db/simulated/settings.ts';
import { attemptHeader, cancelBody, candlesQuery, placeBody, reviseBody } from './wire.ts';

/** What a request comes to: `cut` closes the connection without a word. */
type Reply = { readonly status: number; readonly body: unknown } | 'cut';

const ok = (body: unknown): Reply => ({ status: 200, body });

async function sendOf(action: string, request: IncomingMessage): Promise<SimulatedSend> {
  const body: unknown = await json(request);
  switch (action) {
    case 'place':
    case 'manual': {
      const { client_id: clientId, ...order } = placeBody.parse(body);
      return { action: 'place', clientId, ...order };
    }
    case 'revise':
      return { action: 'revise', ...reviseBody.parse(body) };
    case 'cancel':
      return { action: 'cancel', ...cancelBody.parse(body) };
    default:
      throw new Problem('not_found', 'simulated_market_not_found', `nothing is called ${action}`);
  }
}

async function sent(
  db: Database,
  scope: string,
  account: string,
  action: string,
  request: IncomingMessage,
): Promise<Reply> {
  const send = await sendOf(action, request);
  const { faults } = await simulatedConfig(db, scope);
  await wait(faults.latency_ms / 2);
  const attempt = request.headers[attemptHeader];
  const answer = await sendSimulated(db, scope, account, send, {
    attempt: typeof attempt === 'string' ? attempt : null,
    manual: action === 'manual',
  });
  await wait(faults.latency_ms / 2);
  if (answer.kind === 'lost') {
    if (answer.reason.code === 'broker_error') return { status: 500, body: { error: 'internal' } };
    return 'cut';
  }
  return { status: answer.kind === 'not_executed' ? 429 : 200, body: answer };
}

async function asked(
  db: Database,
  scope: string,
  path: readonly string[],
  query: URLSearchParams,
): Promise<Reply> {
  const [subject, account = '', what] = path;
  const symbols = query.get('symbols')?.split(',') ?? null;
  if (subject === 'accounts' && what === 'orders')
    return ok(await simulatedReports(db, scope, account, new Date(query.get('since') ?? 0)));
  if (subject === 'accounts' && what === 'balance') return ok(await simulatedBalance(db, scope, account));
  if (subject === 'instruments') return ok(await simulatedInstruments(db, scope));
  if (subject === 'quotes') return ok(await simulatedQuotes(db, scope, symbols));
  if (subject === 'candles') {
    const { interval, from, to, ...rest } = candlesQuery.parse(Object.fromEntries(query));
    return ok(await simulatedCandles(db, scope, rest.symbols, interval, from, to));
  }
  return { status: 404, body: { error: 'not_found' } };
}

async function replyTo(db: Database, scope: string, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const [subject, account = '', action = ''] = path;
  try {
    if (request.method === 'POST' && subject === 'accounts')
      return await sent(db, scope, account, action, request);
    return await asked(db, scope, path, url.searchParams);
  } catch (error) {
    if (error instanceof NoAnswer) return 'cut';
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return { status: 400, body: { error: error.message } };
    if (error instanceof Problem) return { status: error.status, body: { error: error.code } };
    return { status: 500, body: { error: 'internal' } };
  }
}

async function handle(db: Database, scope: string, request: IncomingMessage, response: ServerResponse) {
  const reply = await replyTo(db, scope, request);
  if (reply === 'cut') {
    request.socket.destroy();
    return;
  }
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.body));
}

/**
 * The simulated broker of a scope behind HTTP on the loopback: what its faults lose is really lost, because the
 * connection is cut. Everything it knows is in the database: it may be killed at any instant.
 */
export function simulatedServer(db: Database, scope: string): Server {
  return createServer((request, response) => void handle(db, scope, request, response));
}
