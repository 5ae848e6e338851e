import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import type { Edge } from '#domain/dependencies/edge.ts';
import { perform } from '#db/core/operation.ts';
import { deleteJob } from '#db/jobs/delete.ts';
import { editJob, pauseJob } from '#db/jobs/edit.ts';
import { getJob } from '#db/jobs/queries.ts';
import { cancelRun, releaseRun, rerunRun } from '#db/runs/control.ts';
import { getRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';
import { editGraph } from './edit.ts';
import { edgesOf } from './edges.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let desk: ReturnType<typeof deskOn>;
beforeEach(async () => {
  database = await testDatabase();
  desk = deskOn(database);
  await desk.at('2026-11-20 07:00');
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function refused(act: Promise<unknown>): Promise<Problem> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem) return error;
  throw new Error(`Expected a problem, got ${String(error)}`);
}
const edge = (upstream: string, downstream: string, over: object = {}) => ({
  upstream,
  downstream,
  kind: 'gate',
  ...over,
});
const wire = (...edges: object[]) => perform(database.db, system, editGraph, 'mock', { edges });
const names = (edges: readonly Edge[]) => edges.map((one) => `${one.upstream}>${one.downstream}:${one.kind}`);

async function collectUntil(minute: string, how: 'succeeds' | 'fails' = 'succeeds') {
  for (const each of ['00', '15', '30', '45'].filter((one) => one < minute)) {
    await desk.at(`2026-11-20 08:${each}`);
    await desk.end('collection', how);
  }
}
const go = async (job_id: string, how: 'succeeds' | 'fails' = 'succeeds') => {
  await perform(database.db, system, runNow, 'mock', { job_id });
  return desk.end(job_id, how);
};

describe('a gate', () => {
  beforeEach(async () => {
    await desk.create({
      job_id: 'collection',
      cron_expr: '*/15 8 * * 1-5',
      calendar: 'XKRX',
      overlap: 'queue',
    });
    await desk.create({ job_id: 'analysis', cron_expr: '30 8 * * 1-5', calendar: 'XKRX' });
    await desk.create({ job_id: 'market', cron_expr: '0 9 * * 1-5', calendar: 'XKRX' });
    await wire(edge('collection', 'analysis'), edge('analysis', 'market'));
  });

  test('waits for an upstream that is late, naming it, and then runs once', async () => {
    await collectUntil('30');
    await desk.at('2026-11-20 08:30');
    const late = await desk.last('collection');
    expect(await desk.last('analysis')).toMatchObject({
      state: 'waiting',
      waits_for: 'upstream',
      reason: { code: 'upstream_open', params: { job: 'collection', run_id: late.run_id } },
    });
    expect(await desk.take('analysis')).toBeNull();
    await desk.at('2026-11-20 09:10');
    expect((await desk.last('market')).reason).toMatchObject({
      code: 'upstream_open',
      params: { job: 'analysis' },
    });
    await desk.end('collection', 'succeeds');
    expect(await desk.last('analysis')).toMatchObject({ state: 'ready', waits_for: null });
    await desk.end('analysis', 'succeeds');
    expect((await desk.runsOf('analysis')).length).toBe(1);
    expect((await desk.last('market')).state).toBe('ready');
  });

  test('of an upstream that is due at the same moment does not look at the one before', async () => {
    await collectUntil('30');
    await desk.at('2026-11-20 08:30');
    expect((await desk.last('analysis')).state).toBe('waiting');
  });

  test('is shut by a failure, all the way down, until a rerun', async () => {
    await collectUntil('30');
    await desk.at('2026-11-20 08:30');
    const failed = await desk.end('collection', 'fails');
    expect((await desk.last('analysis')).reason).toMatchObject({
      code: 'upstream_failed',
      params: { job: 'collection', run_id: failed, state: 'failed' },
    });
    await desk.at('2026-11-20 09:00');
    expect((await desk.last('market')).state).toBe('waiting');
    const { blocks } = await getRun(database.db, 'mock', failed);
    expect(blocks.map((run) => [run.job_id, run.reason.code])).toEqual([
      ['analysis', 'upstream_failed'],
      ['market', 'upstream_open'],
    ]);
    await perform(database.db, system, rerunRun, 'mock', { run_id: failed });
    await desk.pass();
    expect((await desk.last('analysis')).reason.code).toBe('upstream_open');
    await desk.end('collection', 'succeeds');
    await desk.end('analysis', 'succeeds');
    await desk.end('market', 'succeeds');
    expect((await desk.runsOf('market')).length).toBe(1);
  });

  test('what still waits when the day is over is skipped, with the reason', async () => {
    await desk.at('2026-11-20 08:30');
    await desk.at('2026-11-20 23:59');
    expect((await desk.last('analysis')).state).toBe('waiting');
    await desk.at('2026-11-21 00:00');
    expect(await desk.last('analysis')).toMatchObject({
      state: 'skipped',
      reason: { code: 'upstream_day_over', params: { job: 'collection', day: '2026-11-20' } },
    });
    expect((await desk.last('market')).state).toBe('skipped');
  });

  test('is ignored when somebody says so, which the audit keeps', async () => {
    await desk.at('2026-11-20 08:30');
    const held = await desk.last('analysis');
    await perform(database.db, system, releaseRun, 'mock', { run_id: held.run_id });
    expect(await desk.last('analysis')).toMatchObject({ state: 'ready', ignores_gates: true });
    expect(
      (await refused(perform(database.db, system, releaseRun, 'mock', { run_id: held.run_id }))).code,
    ).toBe('run_not_gated');
    await perform(database.db, system, runNow, 'mock', { job_id: 'market' });
    await desk.pass();
    expect((await desk.last('market')).state).toBe('waiting');
    await perform(database.db, system, runNow, 'mock', { job_id: 'market', ignore_gates: true });
    expect((await desk.last('market')).state).toBe('ready');
  });

  test('that is taken away lets the run go; a waiting run can be cancelled', async () => {
    await desk.at('2026-11-20 08:30');
    await wire(edge('analysis', 'market'));
    await desk.pass();
    expect((await desk.last('analysis')).state).toBe('ready');
    await desk.at('2026-11-20 09:00');
    const { run_id } = await desk.last('market');
    expect((await perform(database.db, system, cancelRun, 'mock', { run_id })).state).toBe('cancelled');
  });

  test('on a service is open while the service ticks well, for what is due within its session', async () => {
    await desk.create({ job_id: 'watch' });
    await wire(edge('watch', 'market'), edge('watch', 'analysis'));
    await perform(database.db, system, runNow, 'mock', { job_id: 'watch' });
    await desk.take('watch');
    const ticks = (failing: number) =>
      database.db.execute(`update runs set mode = 'service', service_until = '2026-11-20 09:00+09',
        service = '{"ticks": 7, "failing": ${failing}}' where job_id = 'watch'`);
    await ticks(1);
    await desk.at('2026-11-20 08:30');
    expect((await desk.last('analysis')).reason.code).toBe('upstream_open');
    await ticks(0);
    await desk.pass();
    expect((await desk.last('analysis')).state).toBe('ready');
    await desk.at('2026-11-20 09:00');
    expect((await desk.last('market')).reason).toMatchObject({
      code: 'upstream_open',
      params: { job: 'watch' },
    });
  });

  test('never holds an exit', async () => {
    await database.db.execute(`update jobs set task = 'market_monitor' where job_id = 'market'`);
    await desk.at('2026-11-20 09:00');
    expect((await desk.last('market')).state).not.toBe('waiting');
  });
});

describe('a trigger', () => {
  beforeEach(async () => {
    for (const job_id of ['a', 'b', 'c']) await desk.create({ job_id });
  });

  test('starts its downstream once a day, on success only', async () => {
    await wire(edge('a', 'b', { kind: 'trigger' }));
    await go('a', 'fails');
    expect(await desk.runsOf('b')).toEqual([]);
    const first = await go('a');
    expect(await desk.last('b')).toMatchObject({
      state: 'ready',
      trigger_source: 'dependency',
      reason: { code: 'no_consumer' },
    });
    await desk.end('b', 'succeeds');
    await go('a');
    await perform(database.db, system, rerunRun, 'mock', { run_id: first });
    await desk.end('a', 'succeeds');
    expect((await desk.runsOf('b')).length).toBe(1);
    await desk.at('2026-11-21 10:00');
    await go('a');
    expect((await desk.runsOf('b')).length).toBe(2);
  });

  test('on any end is started by a failure; with `each`, by every run', async () => {
    await wire(
      edge('a', 'b', { kind: 'trigger', on: 'any' }),
      edge('a', 'c', { kind: 'trigger', each: true }),
    );
    await go('a', 'fails');
    expect((await desk.runsOf('b')).length).toBe(1);
    expect((await desk.runsOf('c')).length).toBe(0);
    for (const _ of [1, 2]) {
      await go('a');
      await desk.end('c', 'succeeds');
    }
    expect((await desk.runsOf('b')).length).toBe(1);
    expect((await desk.runsOf('c')).length).toBe(2);
  });

  test('joins with others: the downstream starts when all have', async () => {
    await wire(edge('a', 'c', { kind: 'trigger' }), edge('b', 'c', { kind: 'trigger' }));
    await go('a');
    expect(await desk.runsOf('c')).toEqual([]);
    const last = await go('b');
    expect((await desk.last('c')).reason.code).toBe('no_consumer');
    expect((await desk.runsOf('c')).length).toBe(1);
    expect(last).toBeDefined();
  });

  test('never adds to what the schedule still plans that day, nor starts a paused job', async () => {
    await desk.create({ job_id: 'report', cron_expr: '0 16 * * *' });
    await wire(edge('a', 'report', { kind: 'trigger' }), edge('a', 'b', { kind: 'trigger' }));
    await perform(database.db, system, pauseJob, 'mock', { job_id: 'b' });
    await go('a');
    expect(await desk.runsOf('report')).toEqual([]);
    expect(await desk.runsOf('b')).toEqual([]);
    await desk.at('2026-11-20 16:00');
    expect((await desk.runsOf('report')).length).toBe(1);
  });

  test('that is a gate as well holds the other runs of its downstream', async () => {
    await wire(edge('a', 'b', { kind: 'both' }));
    await perform(database.db, system, runNow, 'mock', { job_id: 'b' });
    await desk.pass();
    expect((await desk.last('b')).state).toBe('waiting');
    await desk.at('2026-11-20 07:01');
    await go('a');
    // The run asked for by hand is the day's; the trigger adds none.
    expect((await desk.runsOf('b')).length).toBe(1);
  });
});

describe('the graph', () => {
  beforeEach(async () => {
    for (const job_id of ['a', 'b', 'c']) await desk.create({ job_id });
  });

  test('refuses a cycle with its path, however it is written', async () => {
    await wire(edge('a', 'b'), edge('b', 'c'));
    const whole = await refused(wire(edge('a', 'b'), edge('b', 'c'), edge('c', 'a')));
    expect(whole.issues[0]).toMatchObject({
      code: 'dependency_cycle',
      path: ['edges'],
      params: { path: ['a', 'b', 'c', 'a'] },
    });
    const single = await refused(
      perform(database.db, system, editJob, 'mock', { job_id: 'a', edit: { depends_on: ['c'] } }),
    );
    expect(single.issues[0]).toMatchObject({ code: 'dependency_cycle', path: ['depends_on'] });
    expect(
      (
        await refused(
          perform(database.db, system, editJob, 'mock', { job_id: 'a', edit: { triggers: ['a'] } }),
        )
      ).issues[0]?.code,
    ).toBe('dependency_cycle');
    expect(names(await edgesOf(database.db, 'mock'))).toEqual(['a>b:gate', 'b>c:gate']);
  });

  test('names a job that is not there, an edge given twice, a stale version', async () => {
    expect((await refused(wire(edge('a', 'z')))).issues[0]).toMatchObject({
      path: ['edges', '0', 'downstream'],
      code: 'job_unknown',
    });
    expect((await refused(wire(edge('a', 'b'), edge('a', 'b')))).issues[0]?.code).toBe('edge_twice');
    const { version } = await wire(edge('a', 'b'));
    await wire(edge('a', 'c'));
    const stale = await refused(perform(database.db, system, editGraph, 'mock', { edges: [], version }));
    expect([stale.status, stale.code]).toEqual([409, 'graph_version_stale']);
  });

  test('is written by jobs too, each edge under one of its jobs, and goes with them', async () => {
    await perform(database.db, system, editJob, 'mock', {
      job_id: 'b',
      edit: { depends_on: ['a'], triggers: [{ job_id: 'c', on: 'any' }] },
    });
    const b = await getJob(database.db, 'mock', 'b');
    expect(b.depends_on).toEqual([
      { job_id: 'a', kind: 'gate', on: 'success', satisfied_by: 'latest', each: false },
    ]);
    expect(b.triggers).toEqual([{ job_id: 'c', on: 'any', each: false }]);
    expect(b.version).toBe(1);
    // What one waits for and the other starts is one edge that does both.
    await perform(database.db, system, editJob, 'mock', { job_id: 'a', edit: { triggers: ['b'] } });
    expect(names(await edgesOf(database.db, 'mock'))).toEqual(['a>b:both', 'b>c:trigger']);
    await perform(database.db, system, deleteJob, 'mock', { job_id: 'b' });
    expect(await edgesOf(database.db, 'mock')).toEqual([]);
  });

  test('stays without a cycle when two edits that close one together are made at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await wire();
      const results = await Promise.allSettled([
        perform(database.db, system, editJob, 'mock', { job_id: 'b', edit: { depends_on: ['a'] } }),
        perform(database.db, system, editJob, 'mock', { job_id: 'c', edit: { depends_on: ['b'] } }),
        perform(database.db, system, editJob, 'mock', { job_id: 'a', edit: { depends_on: ['c'] } }),
      ]);
      expect(results.filter((result) => result.status === 'rejected').length).toBe(1);
      expect((await edgesOf(database.db, 'mock')).length).toBe(2);
    }
  });
});
