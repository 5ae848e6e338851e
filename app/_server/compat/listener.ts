import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { Readable } from 'node:stream';
import { type CompatListener, readConfig } from '#config';
import type { Actor } from '#domain/access/access.ts';
import { speakFor } from '../actor.ts';
import { problemResponse } from '../api/problem.ts';
import { requireLocalScript } from './guard.ts';
import { MethodMissing, find } from './paths.ts';

/** What a caller may bring along: nothing that names somebody. */
const taken = ['content-type', 'content-length', 'accept', 'idempotency-key', 'x-request-id'];

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const name of taken) {
    const value = message.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

function actorAt({ scope, port }: CompatListener): Actor {
  return { kind: 'listener', id: `compat-${scope}`, name: `${scope}:${port}`, scope };
}

async function answer(message: IncomingMessage, listener: CompatListener): Promise<Response> {
  requireLocalScript(message);
  const method = message.method ?? 'GET';
  const url = new URL(message.url ?? '/', `http://127.0.0.1:${listener.port}`);
  const { handler, params, path } = find(listener.scope, method, url.pathname);
  url.pathname = path;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(url, {
    method,
    headers: headersOf(message),
    ...(hasBody ? { body: Readable.toWeb(message) as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
  });
  const response = await handler(speakFor(request, actorAt(listener)), { params: Promise.resolve(params) });
  return relocated(response, listener.scope);
}

/** A `Location` as this listener serves it: jobs here, runs at the console. */
function relocated(response: Response, scope: string): Response {
  const location = response.headers.get('location');
  if (location === null) return response;
  const prefix = `/api/v1/${scope}`;
  response.headers.set(
    'location',
    location.startsWith(`${prefix}/jobs/`)
      ? location.slice(prefix.length)
      : new URL(location, readConfig().url).href,
  );
  return response;
}

async function serve(message: IncomingMessage, out: ServerResponse, listener: CompatListener): Promise<void> {
  let response: Response;
  try {
    response = await answer(message, listener);
  } catch (error) {
    response = problemResponse(error, randomUUID());
    if (error instanceof MethodMissing) response.headers.set('allow', error.allow);
  }
  const body = Buffer.from(await response.arrayBuffer());
  out.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.byteLength,
    // What is left of a body that was refused unread is not taken for the next request.
    ...(message.complete ? {} : { connection: 'close' }),
  });
  out.end(message.method === 'HEAD' ? undefined : body);
}

/**
 * Listens on one loopback address.
 * @throws the system's error when the address cannot be had.
 */
export async function listen(listener: CompatListener, address: '127.0.0.1' | '::1'): Promise<Server> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (message, out) => {
    void serve(message, out, listener).catch(() => out.destroy());
  });
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port: listener.port, ipv6Only: address === '::1' }, resolve);
  });
  server.removeAllListeners('error');
  return server;
}
