import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type Actor, requirePermission } from '#domain/access/access.ts';
import { Problem, notFound } from '#domain/core/errors.ts';
import type { Database } from '#db/core/client.ts';
import { type Operation, type PerformOptions, perform } from '#db/core/operation.ts';
import { listScopes } from '#db/scopes/queries.ts';
import { actorOf } from '../actor.ts';
import { db } from '../db.ts';
import { errorFields, log } from '../log.ts';
import { readBytes, readJson } from './body.ts';
import type { Access, ApiHandler, ApiOperation, ApiResponse, RouteContext } from './operation.ts';
import { problemResponse } from './problem.ts';
import { parseOr400, parseQuery } from './query.ts';

type Parsed<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise;
type Answer<Schema> = Schema extends z.ZodType ? z.input<Schema> | Response : Response | null;

interface PerformHere {
  /** The input's field that holds the body: it is left out of the names of refused fields. */
  readonly under?: string;
}

/** What a handler has in hand. */
export interface Call<Who extends Access, Scoped extends boolean, Params, Query, Body> {
  readonly request: Request;
  readonly requestId: string;
  readonly db: Database;
  /** Null on public routes only. */
  readonly actor: Who extends 'public' ? null : Actor;
  /** The scope's name; null on routes of the instance. */
  readonly scope: Scoped extends true ? string : null;
  readonly params: Parsed<Params, Record<never, never>>;
  readonly query: Parsed<Query, Record<never, never>>;
  /** The parsed body, with `rawBody` the JSON as it came, with `bytes` the file. */
  readonly body: Parsed<Body, unknown>;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** Performs a database operation as the caller, with the request's id and Idempotency-Key. */
  perform<Input extends z.ZodType, Output>(
    operation: Operation<Input, Output>,
    input: unknown,
    here?: PerformHere,
  ): Promise<Output>;
}

interface Definition<
  Who extends Access,
  Scoped extends boolean,
  Params,
  Query,
  Body,
  Schema extends z.ZodType | null,
> extends Omit<ApiOperation, 'permission' | 'scope' | 'params' | 'query' | 'body' | 'response'> {
  readonly permission: Who;
  readonly scope: Scoped;
  readonly params?: Params & z.ZodObject;
  readonly query?: Query & z.ZodObject;
  readonly body?: Body & z.ZodType;
  readonly response: ApiResponse<Schema>;
  handler(call: Call<Who, Scoped, Params, Query, Body>): Promise<Answer<Schema>>;
}

/**
 * One method of one path: who calls, may they, does the scope exist, then path, query and body, then the handler;
 * every refusal as a problem with the request's id. The answer has the fields of `response.schema` only.
 */
export function route<
  const Who extends Access,
  const Scoped extends boolean,
  Schema extends z.ZodType | null,
  Params = undefined,
  Query = undefined,
  Body = undefined,
>(definition: Definition<Who, Scoped, Params, Query, Body, Schema>): ApiHandler {
  const { handler, ...operation } = definition;
  const serve = async (request: Request, context: RouteContext): Promise<Response> => {
    const requestId = requestIdOf(request);
    try {
      // A production build gives a path without parameters `undefined`, whatever Next's types say.
      const path = (await context.params) ?? {};
      const actor = await authorise(request, operation, path['scope']);
      const search = new URL(request.url).searchParams;
      const params = operation.params === undefined ? {} : parseOr400(operation.params, pathOf(path));
      const query = operation.query === undefined ? {} : parseQuery(operation.query, search);
      const { value, text } = await bodyOf(request, operation);
      const body = operation.body === undefined ? value : parseOr400(operation.body, value);
      const scope = operation.scope ? String(path['scope']) : null;
      const headers = new Headers();
      const performHere = performer(request, actor, scope, requestId, text);
      const call = {
        request,
        requestId,
        db: db(),
        actor,
        scope,
        params,
        query,
        body,
        headers,
        perform: performHere,
      };
      // The schemas above made these values; only the compiler cannot follow them through the generics.
      const output = await handler(call as unknown as Call<Who, Scoped, Params, Query, Body>);
      return answer(output, operation.response, requestId, headers);
    } catch (error) {
      return problemResponse(error, requestId);
    }
  };
  return Object.assign(serve, { operation });
}

/** The caller's id for the request where it is a plain one, else a new one. */
function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id');
  return given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID();
}

/** Scope names are looked up rather than tried: reading an unknown one would answer an empty list. */
async function authorise(
  request: Request,
  operation: Pick<ApiOperation, 'permission' | 'scope'>,
  scope: string | string[] | undefined,
): Promise<Actor | null> {
  if (operation.permission === 'public') return null;
  const actor = await actorOf(request);
  if (actor === null)
    throw new Problem(
      'unauthenticated',
      'unauthenticated',
      'Sign in, or send an API key as `Authorization: Bearer …`.',
    );
  const name = operation.scope ? String(scope) : null;
  if (operation.permission !== 'signed-in') requirePermission(actor, operation.permission, name);
  if (name !== null && !(await listScopes(db())).some((known) => known.name === name))
    throw notFound('scope', name);
  return actor;
}

function pathOf(path: Readonly<Record<string, string | string[] | undefined>>): unknown {
  const { scope: _scope, ...rest } = path;
  return rest;
}

async function bodyOf(
  request: Request,
  operation: Pick<ApiOperation, 'body' | 'rawBody' | 'bytes'>,
): Promise<{ value: unknown; text: string }> {
  if (request.method === 'GET' || request.method === 'HEAD') return { value: {}, text: '' };
  if (operation.bytes !== undefined) {
    const bytes = await readBytes(request, operation.bytes.max);
    return { value: bytes, text: createHash('sha256').update(bytes).digest('hex') };
  }
  const read = await readJson(request);
  const wanted = operation.body !== undefined || operation.rawBody !== undefined;
  return wanted ? read : { value: {}, text: read.text };
}

function sha256(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

function idempotencyOf(request: Request, actor: Actor, text: string): Pick<PerformOptions, 'idempotency'> {
  const key = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
  if (key === null) return {};
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Problem(
      'invalid',
      'idempotency_key_bad',
      'Idempotency-Key: 1 to 255 printable characters without spaces.',
    );
  }
  const { pathname, search } = new URL(request.url);
  return {
    idempotency: {
      id: sha256(actor.kind, actor.id, key),
      fingerprint: sha256(request.method, pathname, search, text),
    },
  };
}

function performer(
  request: Request,
  actor: Actor | null,
  scope: string | null,
  requestId: string,
  text: string,
) {
  return async <Input extends z.ZodType, Output>(
    operation: Operation<Input, Output>,
    input: unknown,
    here: PerformHere = {},
  ): Promise<Output> => {
    if (actor === null) throw new Error('A public route performs no operation.');
    try {
      return await perform(db(), actor, operation, scope, input, {
        requestId,
        ...idempotencyOf(request, actor, text),
      });
    } catch (error) {
      throw here.under !== undefined && error instanceof Problem ? withoutPrefix(error, here.under) : error;
    }
  };
}

/** The same refusal with its fields named as the caller wrote them. */
function withoutPrefix(problem: Problem, under: string): Problem {
  if (!problem.issues.some((issue) => issue.path[0] === under)) return problem;
  const issues = problem.issues.map((issue) =>
    issue.path[0] === under ? { ...issue, path: issue.path.slice(1) } : issue,
  );
  const detail = issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  return new Problem(problem.kind, problem.code, detail, problem.params, issues);
}

function answer(output: unknown, response: ApiResponse, requestId: string, headers: Headers): Response {
  if (output instanceof Response) {
    output.headers.set('x-request-id', requestId);
    return output;
  }
  headers.set('cache-control', 'no-store');
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-request-id', requestId);
  if (response.schema === null) return new Response(null, { status: response.status, headers });
  headers.set('content-type', 'application/json; charset=utf-8');
  return new Response(JSON.stringify(shaped(response.schema, output, requestId)), {
    status: response.status,
    headers,
  });
}

/** A stored row that a newer rule refuses is still answered to people who watch a desk; elsewhere it is a defect. */
function shaped(schema: z.ZodType, output: unknown, requestId: string): unknown {
  const parsed = schema.safeParse(output);
  if (parsed.success) return parsed.data;
  if (process.env.NODE_ENV !== 'production')
    throw new Error('The answer has another shape than its schema.', { cause: parsed.error });
  log().error({ request_id: requestId, ...errorFields(parsed.error) }, 'answer has another shape');
  return output;
}
