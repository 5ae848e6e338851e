import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runLogs, runs } from '#db/runs/schema.ts';
import type { RunId } from '#domain/core/ids.ts';
import { closeStreams } from '#app/_server/live/process-hub.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

let api: TestApi;
let key: string;
let run: RunId;

beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf({ role: 'operator', scope: 'mock' });
  const body = { job_id: 'speaker', task: 'command', params: { argv: ['true'] } };
  expect((await api.call('POST', '/api/v1/mock/jobs', { key, body })).status).toBe(201);
  const started = await api.call('POST', '/api/v1/mock/jobs/speaker/run-now', { key });
  run = z.object({ run_id: z.uuid().brand<'RunId'>() }).parse(await started.json()).run_id;
});
afterAll(async () => {
  await closeStreams();
  await api[Symbol.asyncDispose]();
});

async function write(...seqs: number[]): Promise<void> {
  const at = new Date();
  await api.database.db.insert(runLogs).values(
    seqs.map((seq) => ({
      runId: run,
      seq,
      attempt: 1,
      stream: 'stdout' as const,
      line: `line ${seq}`,
      at,
    })),
  );
}

const path = () => `/api/v1/mock/runs/${run}/logs`;

test('lines are followed as they are written, then the end; all read is 204', async () => {
  await write(1, 2);
  const response = await api.call('GET', `${path()}/stream`, { key });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  let wrote = false;
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (!wrote && text.includes('id: 2\n')) {
      wrote = true;
      await write(3);
    }
    if (text.includes('id: 3\n'))
      await api.database.db.update(runs).set({ state: 'succeeded' }).where(eq(runs.id, run));
  }
  expect([...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(['2', '3', '3:end']);
  expect(text).toContain('"line":"line 3"');
  const again = await api.call('GET', `${path()}/stream`, { key, headers: { 'last-event-id': '3:end' } });
  expect(again.status).toBe(204);
  const late = await api.call('GET', `${path()}/stream`, { key, headers: { 'last-event-id': '2' } });
  expect(await late.text()).toMatch(/id: 3\n[\s\S]*event: end/);
});

test('pages, tail and search of a stored log', async () => {
  const read = async (query: string): Promise<unknown> =>
    (await api.call('GET', `${path()}?${query}`, { key })).json();
  expect(await read('limit=2')).toMatchObject({ items: [{ seq: 1 }, { seq: 2 }], next_seq: 2 });
  expect(await read('tail=true&limit=1')).toMatchObject({ items: [{ seq: 3 }], ended: true });
  expect(await read('search=LINE%202')).toMatchObject({ items: [{ seq: 2, stream: 'stdout' }] });
  expect((await api.call('GET', `${path()}?limit=0`, { key })).status).toBe(400);
});
