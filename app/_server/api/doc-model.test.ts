import { expect, test } from 'vitest';
import { docOperations, matches } from './doc-model.ts';
import { listedOperations } from './registry.ts';

const operations = docOperations('http://127.0.0.1:3000');
const byId = (id: string) => operations.find((operation) => operation.id === id);

test('every operation is on the page, its fields with types and defaults', () => {
  expect(operations).toHaveLength(listedOperations().length);
  const create = byId('createJob');
  expect(create?.body).toContainEqual(
    expect.objectContaining({
      name: 'timeout_sec',
      type: 'integer 1…604800',
      required: false,
      fallback: '120',
    }),
  );
  expect(create?.body).toContainEqual(expect.objectContaining({ name: 'job_id', required: true }));
  expect(byId('listRuns')?.response.fields).toContainEqual(
    expect.objectContaining({ name: 'items[].run_id', type: 'string (uuid)' }),
  );
  expect(byId('followChanges')?.response.type).toBe('text/event-stream');
});

test('examples are accepted by the schemas they stand for', () => {
  for (const { operation } of listedOperations()) {
    if (operation.example === undefined) continue;
    const body = operation.rawBody ?? operation.body;
    expect(body?.safeParse(operation.example).error, operation.id).toBeUndefined();
  }
});

test('curl quotes for a shell', () => {
  expect(byId('pauseJob')?.curl).toBe(
    'curl -X POST "http://127.0.0.1:3000/api/v1/real/jobs/news-crawler/pause" \\\n  -H "Authorization: Bearer $BELLKEEPER_KEY"',
  );
  expect(byId('health')?.curl).not.toContain('Authorization');
});

const found = (search: string) =>
  operations.filter((operation) => matches(operation, search)).map(({ id }) => id);

test('a search finds by path, permission and field', () => {
  expect(found('run-now')).toEqual(['runJobNow']);
  expect(found('post runs.control')).toEqual(['cancelRun', 'rerunRun', 'releaseRun', 'discardRun']);
  expect(found('retry_limit patch')).toEqual(['editJob']);
  expect(found('no such thing')).toEqual([]);
});
