import type { Grant } from '#domain/access/access.ts';
import { createKey } from '#db/access/keys.ts';
import { users } from '#db/access/schema.ts';
import { perform } from '#db/core/operation.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { type Method, type RouteModule, routes } from './registry.ts';

export interface TestApi extends AsyncDisposable {
  readonly database: TestDatabase;
  /** An API key with these grants. */
  keyOf(...grants: Grant[]): Promise<string>;
  /** Calls the route that serves the path, as Next would. */
  call(method: Method, path: string, options?: CallOptions): Promise<Response>;
}

export interface CallOptions {
  readonly key?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A database with an owner, and the API on it in this process. The configuration is read at first use. */
export async function testApi(): Promise<TestApi> {
  const database = await testDatabase();
  process.env['DATABASE_URL_WEB'] = database.url;
  process.env['BELLKEEPER_SECRET'] = 'a secret of tests, long enough';
  process.env['LOG_LEVEL'] = 'fatal';
  await database.db
    .insert(users)
    .values({ id: 'owner', name: 'Owner', email: 'owner@example.com', isOwner: true });
  return {
    database,
    async keyOf(...grants) {
      const system = { kind: 'system', id: 'test', name: 'test' } as const;
      const name = grants.map(({ role, scope }) => `${role}@${scope}`).join(' ');
      return (await perform(database.db, system, createKey, null, { name, grants })).key;
    },
    call,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A path without parameters before one with: `/instance/scopes` is not the scope `instance`. */
function find(pathname: string): { module: RouteModule; params: Record<string, string> } | null {
  const found = Object.entries(routes).flatMap(([pattern, module]) => {
    const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const match = new RegExp(
      `^${pattern.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '([^/]+)')}$`,
    ).exec(pathname);
    if (match === null) return [];
    return [
      {
        module,
        params: Object.fromEntries(
          names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
        ),
      },
    ];
  });
  return found.toSorted((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0] ?? null;
}

async function call(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
  const url = new URL(path, 'http://127.0.0.1:3000');
  const found = find(url.pathname);
  const handler = found?.module[method];
  if (found === null || handler === undefined) throw new Error(`Nothing serves ${method} ${path}.`);
  const headers = new Headers(options.headers);
  if (options.key !== undefined) headers.set('authorization', `Bearer ${options.key}`);
  if (options.body !== undefined && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  const request = new Request(url, {
    method,
    headers,
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return handler(request, { params: Promise.resolve(found.params) });
}
