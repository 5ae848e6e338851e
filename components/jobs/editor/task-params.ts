import { commandParams, httpParams } from '#domain/jobs/tasks.ts';
import type { CommandDraft, HttpDraft, Pair } from '#components/jobs/editor/values.ts';
import type { Params } from '#components/jobs/queries.ts';

const pairs = (record: Readonly<Record<string, string>>): readonly Pair[] =>
  Object.entries(record).map(([name, value]) => ({ name, value }));

/** Parameters of `command` as its form shows them; null when they are something else. */
export function readCommand(params: Params): Omit<CommandDraft, 'mode' | 'line'> | null {
  const parsed = commandParams.safeParse(params);
  if (!parsed.success) return null;
  const { argv, cwd = '', env = {}, stdin = '' } = parsed.data;
  return { argv, cwd, env: pairs(env), stdin };
}

/** Parameters of `http` as its form shows them; null when they are something else. */
export function readHttp(params: Params): HttpDraft | null {
  const parsed = httpParams.safeParse(params);
  if (!parsed.success) return null;
  const { method, url, headers, body, expected_status } = parsed.data;
  return {
    method,
    url,
    headers: pairs(headers),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    expected: expected_status?.join(', ') ?? '',
  };
}
