import { httpParams } from '#domain/jobs/tasks.ts';
import { headOf } from './lines.ts';
import { type Task, type TaskContext, TaskFailure } from './task.ts';

const longestBody = 65_536;

function requestOf(
  params: { method: string; headers: Record<string, string>; body?: unknown },
  signal: AbortSignal,
  key: string,
): RequestInit {
  const headers = new Headers(params.headers);
  if (!headers.has('idempotency-key')) headers.set('idempotency-key', key);
  if (params.body === undefined) return { method: params.method, headers, signal, redirect: 'follow' };
  if (typeof params.body !== 'string' && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  const body = typeof params.body === 'string' ? params.body : JSON.stringify(params.body);
  return { method: params.method, headers, body, signal, redirect: 'follow' };
}

function keyOf({ claim, tick }: TaskContext): string {
  return tick === undefined ? claim.id : `${claim.id}:${tick.at.toISOString()}`;
}

/**
 * Makes one request. Any 2xx, or the statuses the job expects, is success; the answer's head is the run's log.
 * The run's id goes along as Idempotency-Key, the same on every attempt; of a service, with the time of the tick.
 */
export const http: Task<typeof httpParams> = {
  name: 'http',
  params: httpParams,
  async run(context, params) {
    await context.log('system', `${params.method} ${params.url}`);
    const response = await fetch(params.url, requestOf(params, context.signal, keyOf(context))).catch(
      (error: unknown) => {
        context.signal.throwIfAborted();
        const cause =
          error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
        throw new TaskFailure(`no answer from ${params.url}: ${cause}`, {
          code: 'task_error',
          params: { message: cause },
        });
      },
    );
    await context.log('system', `${response.status} ${response.statusText}`);
    for (const line of (await bodyOf(response)).split('\n'))
      if (line !== '') await context.log('stdout', line);
    const expected = params.expected_status?.includes(response.status) ?? response.ok;
    if (expected) return {};
    const wanted = params.expected_status?.join(', ') ?? '2xx';
    throw new TaskFailure(`status ${response.status}, expected ${wanted}`, {
      code: 'task_error',
      params: { message: `HTTP ${response.status}` },
    });
  },
};

async function bodyOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= longestBody) break;
  }
  return headOf(text, longestBody);
}
