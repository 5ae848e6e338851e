import { logPage } from '#domain/runs/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { plainText } from '#components/runs/log/sgr.ts';
import { runsPath } from '#components/runs/queries.ts';

const linesAtOnce = 5_000;

/**
 * The whole log as text, colours left out: time, stream and line. Read from the server, for the page may hold less.
 * @throws ApiProblem
 */
export async function logAsText(scope: string, runId: string): Promise<string> {
  const parts: string[] = [];
  for (let after = 0; ;) {
    const page = await api(
      'GET',
      runsPath(scope, `/${runId}/logs${queryString({ after_seq: after, limit: linesAtOnce })}`),
      { schema: logPage },
    );
    for (const { at, stream, line } of page.items) parts.push(`${at}\t${stream}\t${plainText(line)}\n`);
    if (page.items.length < linesAtOnce) return parts.join('');
    after = page.next_seq;
  }
}

/** Hands a text to the browser as a file. */
export function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
