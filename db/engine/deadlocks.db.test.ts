import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import { setException } from '#db/calendars/edit.ts';
import { sqlState } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { claimRun } from '#db/external/claim.ts';
import { completeRun, failRun } from '#db/external/end.ts';
import { editJob } from '#db/jobs/edit.ts';
import { importJobs } from '#db/jobs/import.ts';
import { cancelRun, rerunRun } from '#db/runs/control.ts';
import { listRuns } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';
import { violations } from '#db/testing/invariants.ts';
import { admitScope } from './admit-scope.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const scope = 'mock';
const stormMs = 4_000;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const names = Array.from({ length: 6 }, (_, index) => `j${index}`);
const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];
const any = () => pick(names) ?? 'j0';

/** Edges from lower to higher numbers: never a cycle. */
function someEdges() {
  return names.flatMap((upstream, from) =>
    names
      .slice(from + 1)
      .filter(() => Math.random() < 0.4)
      .map((downstream) => ({
        upstream,
        downstream,
        kind: pick(['gate', 'trigger', 'both'] as const) ?? 'gate',
        on: 'any' as const,
        each: Math.random() < 0.5,
      })),
  );
}

test('what starts, ends, edits and follows runs at the same time never waits in a ring', async () => {
  const { db } = database;
  const desk = deskOn(database);
  for (const [index, job_id] of names.entries())
    await desk.create({
      job_id,
      interval_seconds: 1,
      calendar: index % 2 === 0 ? 'CRYPTO' : null,
      overlap: index % 3 === 0 ? 'cancel_previous' : 'queue',
      locks:
        index % 2 === 0 ? ['trading_cycle', 'position_management'] : ['position_management', 'trading_cycle'],
      lock_wait_sec: 1,
      max_parallel: 2,
    });
  const act = {
    pass: () => desk.pass(),
    admit: () => admitScope(db, scope),
    graph: () => perform(db, system, editGraph, scope, { edges: someEdges() }),
    job: () =>
      perform(db, system, editJob, scope, { job_id: any(), edit: { depends_on: [], retry_limit: 1 } }),
    calendar: () =>
      perform(db, system, setException, scope, {
        calendar: 'CRYPTO',
        date: `2027-03-0${1 + Math.floor(Math.random() * 9)}`,
        exception: { closed: true, name: String(Math.random()) },
      }),
    import: () =>
      perform(db, system, importJobs, scope, {
        update: true,
        jobs: ['j1', 'j3'].map((job_id) => ({
          job_id,
          task: 'external',
          interval_seconds: 1,
          locks: ['trading_cycle', 'position_management'],
          lock_wait_sec: 1,
          retry_limit: Math.random() < 0.5 ? 0 : 1,
          depends_on: ['j0'],
        })),
      }),
    start: () => perform(db, system, runNow, scope, { job_id: any() }),
    async work() {
      const queue = `${scope}.jobs.${any()}`;
      const message = await perform(db, system, claimRun, scope, { queue });
      if (message === null) return;
      const held = { run_id: message.run_id, attempt_token: message.attempt_token };
      if (Math.random() < 0.7) await perform(db, system, completeRun, scope, held);
      else await perform(db, system, failRun, scope, { ...held, error: 'broken' });
    },
    async cancel() {
      const state = ['waiting' as const, 'ready' as const, 'running' as const];
      const run = pick((await listRuns(db, scope, { state, limit: 20 })).items);
      if (run !== undefined) await perform(db, system, cancelRun, scope, { run_id: run.run_id });
    },
    async rerun() {
      const state = ['succeeded' as const, 'failed' as const, 'cancelled' as const, 'quarantined' as const];
      const run = pick((await listRuns(db, scope, { state, limit: 20 })).items);
      if (run !== undefined) await perform(db, system, rerunRun, scope, { run_id: run.run_id });
    },
  };
  const end = performance.now() + stormMs;
  const done = new Map<string, number>();
  const broken: string[] = [];
  const repeat = async (name: keyof typeof act) => {
    while (performance.now() < end) {
      try {
        await act[name]();
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Problem)) broken.push(`${name}: ${sqlState(error) ?? String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(
    (
      [
        'pass',
        'admit',
        'graph',
        'job',
        'calendar',
        'import',
        'start',
        'work',
        'work',
        'cancel',
        'rerun',
      ] as const
    ).map(repeat),
  );

  expect(broken).toEqual([]);
  expect(done.size).toBe(Object.keys(act).length);
  expect(await violations(db)).toEqual([]);
  const leaked =
    await db.execute(sql`select l.name, r.state from named_locks l left join runs r on r.id = l.holder_run
    where l.holder is not null and coalesce(r.state, '') not in ('dispatched', 'running')`);
  expect([...leaked]).toEqual([]);
}, 60_000);
