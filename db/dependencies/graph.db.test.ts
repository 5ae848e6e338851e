import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { RunState } from '#domain/runs/run.ts';
import type { Database } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { deleteJob } from '#db/jobs/delete.ts';
import { testDatabase } from '#db/testing/database.ts';
import { graphView } from './queries.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const day = '2026-11-18';

async function makeJobs(db: Database, ...ids: string[]): Promise<void> {
  for (const id of ids)
    await perform(db, system, createJob, 'real', {
      job_id: id,
      task: 'command',
      params: { argv: ['true'] },
      cron_expr: '0 8 * * 1-5',
    });
}

interface Made {
  readonly at: string;
  readonly state: RunState;
  readonly day?: string;
  readonly seconds?: number;
  readonly waitsFor?: 'upstream';
}

async function makeRun(db: Database, job: string, run: Made): Promise<void> {
  const started = run.seconds === undefined ? null : new Date(run.at);
  const finished = started === null ? null : new Date(started.getTime() + (run.seconds ?? 0) * 1_000);
  await db.execute(sql`
    insert into runs (id, scope, job, job_id, job_version, task, queue, dedupe_key, trigger_source, state, reason, priority,
      max_parallel, params, trading_day, scheduled_for, queued_at, started_at, finished_at, waits_for)
    select gen_random_uuid(), scope, id, job_id, version, task, queue, ${`at:${run.at}`}, 'scheduler', ${run.state},
      '{"code":"due","params":{}}', priority, 1, '{}', ${run.day ?? day}, ${run.at}, ${run.at},
      ${started?.toISOString() ?? null}, ${finished?.toISOString() ?? null}, ${run.waitsFor ?? null}
    from jobs where scope = 'real' and job_id = ${job}`);
}

async function makeEdge(db: Database, upstream: string, downstream: string): Promise<void> {
  await db.execute(sql`
    insert into job_edges (scope, upstream, downstream, kind, on_end, satisfied_by, each)
    select 'real', u.id, d.id, 'gate', 'success', 'latest', false from jobs u, jobs d
    where u.job_id = ${upstream} and d.job_id = ${downstream}`);
}

test('the graph of a day: its latest runs, skipped ones left out, its mean durations and its root causes', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await makeJobs(db, 'collect', 'analyse', 'trade', 'alone');
  await makeEdge(db, 'collect', 'analyse');
  await makeEdge(db, 'analyse', 'trade');
  await makeRun(db, 'collect', { at: '2026-11-17T23:00:00Z', state: 'succeeded', seconds: 10 });
  await makeRun(db, 'collect', { at: '2026-11-17T23:15:00Z', state: 'failed', seconds: 90 });
  await makeRun(db, 'collect', { at: '2026-11-17T23:30:00Z', state: 'skipped' });
  await makeRun(db, 'collect', {
    at: '2026-11-16T23:00:00Z',
    state: 'succeeded',
    seconds: 20,
    day: '2026-11-17',
  });
  await makeRun(db, 'analyse', { at: '2026-11-17T23:30:00Z', state: 'waiting', waitsFor: 'upstream' });

  const graph = await graphView(db, 'real', { trading_day: day });
  expect(graph).toMatchObject({ trading_day: day, version: 1 });
  expect(graph.edges).toEqual([
    {
      upstream: 'analyse',
      downstream: 'trade',
      kind: 'gate',
      on: 'success',
      satisfied_by: 'latest',
      each: false,
    },
    {
      upstream: 'collect',
      downstream: 'analyse',
      kind: 'gate',
      on: 'success',
      satisfied_by: 'latest',
      each: false,
    },
  ]);
  const jobs = new Map(graph.jobs.map((job) => [job.job_id, job]));
  expect([...jobs.keys()]).toEqual(['alone', 'analyse', 'collect', 'trade']);
  expect(jobs.get('collect')).toMatchObject({
    runs: 2,
    mean_duration_ms: 15_000,
    run: { state: 'failed', scheduled_for: '2026-11-17T23:15:00.000Z' },
    blocked_by: [],
  });
  expect(jobs.get('analyse')).toMatchObject({ run: { state: 'waiting' }, blocked_by: ['collect'] });
  expect(jobs.get('trade')).toMatchObject({ run: null, runs: 0, blocked_by: ['collect'] });
  expect(jobs.get('alone')).toMatchObject({ run: null, mean_duration_ms: null, blocked_by: [] });

  const other = await graphView(db, 'real', { trading_day: '2026-11-17' });
  expect(other.jobs.find((job) => job.job_id === 'collect')).toMatchObject({
    runs: 1,
    run: { state: 'succeeded' },
  });
});

test('a deleted job leaves the graph with its edges; other scopes have graphs of their own', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await makeJobs(db, 'first', 'second');
  await makeEdge(db, 'first', 'second');
  await perform(db, system, deleteJob, 'real', { job_id: 'second' });
  const graph = await graphView(db, 'real');
  expect(graph.jobs.map((job) => job.job_id)).toEqual(['first']);
  expect(graph.edges).toEqual([]);
  expect((await graphView(db, 'mock')).jobs).toEqual([]);
  await expect(graphView(db, 'nowhere')).rejects.toMatchObject({ code: 'scope_not_found' });
});
