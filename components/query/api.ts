import '#components/query/setup-zod.ts';
import { z } from 'zod';

const paramValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const params = z.record(z.string(), paramValue);

/** RFC 9457, as our API writes it. Everything but the status is optional: a proxy in between may answer too. */
const problemBody = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  status: z.number().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  params: params.optional(),
  issues: z
    .array(
      z.object({
        path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
        code: z.string(),
        message: z.string(),
        params: params.optional(),
      }),
    )
    .optional(),
});

export type ProblemParams = z.output<typeof params>;

/** One field that was refused; `path` in dots, e.g. `params.argv.0`. */
export interface ProblemIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly params: ProblemParams;
}

/** What the API refused, or why it could not be reached (`network`) or understood (`bad_answer`). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Rendered from `errors.<code>`; `message` is the English fallback. */
  readonly code: string;
  readonly params: ProblemParams;
  readonly issues: readonly ProblemIssue[];

  constructor(
    status: number,
    code: string,
    message: string,
    details: ProblemParams = {},
    issues: readonly ProblemIssue[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.params = details;
    this.issues = issues;
  }
}

export interface ApiOptions<T> {
  /** Checks and types the answer; without it the answer is `unknown` to the compiler. */
  readonly schema?: z.ZodType<T>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Makes a repeated POST answer what the first one did. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const parsed = problemBody.safeParse(await response.json().catch(() => null));
  const fallback =
    response.status === 401 ? 'unauthenticated' : response.status >= 500 ? 'server' : 'unknown';
  if (!parsed.success)
    return new ApiProblem(response.status, fallback, `${response.status} ${response.statusText}`);
  const { code, detail, title, params: details, issues } = parsed.data;
  return new ApiProblem(
    response.status,
    code ?? fallback,
    detail ?? title ?? response.statusText,
    details ?? {},
    (issues ?? []).map((issue) => ({
      path: typeof issue.path === 'string' ? issue.path : issue.path.join('.'),
      code: issue.code,
      message: issue.message,
      params: issue.params ?? {},
    })),
  );
}

/**
 * Calls our API with the browser's sign-in.
 * @param path from the root, e.g. `/api/v1/real/jobs`.
 * @throws ApiProblem for every refusal, unreachable server or answer the schema does not know.
 */
export async function api<T = unknown>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: ApiOptions<T> = {},
): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
  return send(
    path,
    {
      method,
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    options.schema,
  );
}

/** POSTs a file as it is. @throws ApiProblem as `api` does. */
export function sendFile<T>(
  path: string,
  file: Blob,
  options: Pick<ApiOptions<T>, 'schema'> = {},
): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
  return send(path, { method: 'POST', headers, body: file }, options.schema);
}

async function send<T>(path: string, request: RequestInit, schema: z.ZodType<T> | undefined): Promise<T> {
  const response = await fetch(path, { ...request, credentials: 'same-origin' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, 'network', 'The server could not be reached.');
  });
  if (!response.ok) throw await problemOf(response);
  return answerOf(response, schema);
}

async function answerOf<T>(response: Response, schema: z.ZodType<T> | undefined): Promise<T> {
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (body === undefined)
    throw new ApiProblem(response.status, 'bad_answer', 'The server did not answer in JSON.');
  const parsed = (schema ?? z.custom<T>()).safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiProblem(
    response.status,
    'bad_answer',
    `The answer has another shape: ${z.prettifyError(parsed.error)}`,
  );
}

/** `?a=1&b=2` of the values that are set; arrays repeat their name. Empty when nothing is set. */
export function queryString(
  values: Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') value.forEach((entry) => search.append(name, entry));
    else search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
