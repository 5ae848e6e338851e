import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { engineView } from '#db/engine/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase } from '#db/testing/database.ts';
import { createJob } from './create.ts';
import { getJob, listJobs } from './queries.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;

test('a backlog of thousands is answered with its oldest runs, and rooms with their first holders', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await perform(db, system, createJob, 'real', {
    job_id: 'flood',
    task: 'command',
    params: { argv: ['true'] },
  });
  const first = await perform(db, system, runNow, 'real', { job_id: 'flood' });
  const copies = (state: string, from: number, to: number) => sql`
    insert into runs (id, scope, job, job_id, job_version, task, queue, dedupe_key, trigger_source, state, reason, priority, max_parallel, params, trading_day, scheduled_for, queued_at)
    select ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, scope, job, job_id, job_version, task, queue, 'copy:' || n, trigger_source, ${state}, reason, priority, max_parallel, params, trading_day, scheduled_for, queued_at
    from runs, generate_series(${from}::int, ${to}::int) n where id = ${first.run_id}`;
  await db.execute(copies('succeeded', 1, 25));
  await db.execute(copies('ready', 1_001, 21_000));
  await db.execute(
    sql`insert into slots (run_id, scope, job) select id, scope, job from runs where state = 'ready' limit 120`,
  );
  const job = await getJob(db, 'real', 'flood');
  expect(job.open_runs).toHaveLength(20);
  expect(job.open_runs[0]).toMatchObject({ run_id: first.run_id, state: 'ready', reason: first.reason });
  expect(job.open_runs.map((run) => run.run_id)).toEqual(job.open_runs.map((run) => run.run_id).toSorted());
  const [item] = (await listJobs(db, 'real')).items;
  expect(item?.open_runs).toEqual(job.open_runs);
  expect(item?.recent_runs.map((run) => Number(run.run_id.slice(-12)))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 6),
  );
  const rooms = (await engineView(db)).scopes.find((scope) => scope.scope === 'real')?.resource_groups;
  const total = rooms?.find((room) => room.kind === 'total');
  expect([total?.used, total?.holders.length]).toEqual([120, 50]);
  expect(rooms?.find((room) => room.name === 'trading')).toMatchObject({ used: 0, holders: [] });
});
