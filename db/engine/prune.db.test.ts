import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { cancelRun, rerunRun } from '#db/runs/control.ts';
import { fetchRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { blockedBackends, until } from '#db/testing/locks.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { dropDeadRings, maintainPartitions, pruneRuns } from './prune.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function partitions(parent: string): Promise<string[]> {
  const rows = await database.db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_inherits i on i.inhrelid = c.oid
    where i.inhparent = ${parent}::regclass and c.relname ~ '_[0-9]{8}$' order by 1`);
  return [...rows].map((row) => row.name);
}

describe('partitions', () => {
  test('reach a week ahead, and are made again when they are missing', async () => {
    expect(await maintainPartitions(database.db)).toEqual({ made: 0, dropped: 0, busy: [] });
    const before = await partitions('run_logs');
    expect(before).toHaveLength(8);
    await database.db.execute(sql.raw(`drop table ${before.at(-1)}, ${before.at(-2)}`));
    expect(await maintainPartitions(database.db)).toEqual({ made: 2, dropped: 0, busy: [] });
    expect(await partitions('run_logs')).toEqual(before);
    const [indexes] = await database.db.execute<{ count: string }>(
      sql`select count(*) from pg_indexes where tablename = ${before.at(-1)}`,
    );
    expect(Number(indexes?.count)).toBe(1);
  });

  test('with nothing to do no lock is asked for: a table that is locked whole makes no difference', async () => {
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`lock table changes, run_history, run_logs in access exclusive mode`);
      expect(await maintainPartitions(database.db)).toEqual({ made: 0, dropped: 0, busy: [] });
    });
  });

  test('are made while a transaction writes the table', async () => {
    const last = (await partitions('changes')).at(-1) ?? '';
    await database.db.execute(sql.raw(`drop table ${last}`));
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`insert into changes (topic, entity) values ('runs', 'x')`);
      expect(await maintainPartitions(database.db)).toMatchObject({ made: 1, busy: [] });
    });
  });

  test('a busy table is left to the next sweep, and the others are not', async () => {
    for (const parent of ['run_logs', 'changes'])
      await database.db.execute(
        sql.raw(
          `create table ${parent}_20200101 partition of ${parent} for values from ('2020-01-01') to ('2020-01-02')`,
        ),
      );
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`insert into changes (topic, entity) values ('runs', 'x')`);
      expect(await maintainPartitions(database.db)).toEqual({ made: 0, dropped: 1, busy: ['changes'] });
    });
    expect(await maintainPartitions(database.db)).toEqual({ made: 0, dropped: 1, busy: [] });
    expect(await partitions('changes')).not.toContain('changes_20200101');
  });

  test('a day whose rows are already in the default partition stays there', async () => {
    const last = (await partitions('changes')).at(-1) ?? '';
    await database.db.execute(sql.raw(`drop table ${last}`));
    await database.db.execute(
      sql`insert into changes (topic, entity, recorded_at) values ('runs', 'x', now() + interval '7 days')`,
    );
    expect(await maintainPartitions(database.db)).toEqual({ made: 0, dropped: 0, busy: [] });
  });
});

describe('pruning', () => {
  test('keeps a run that was just asked to run again', async () => {
    const input = { job_id: 'again' };
    await perform(database.db, system, createJob, 'real', {
      ...input,
      task: 'command',
      params: { argv: ['true'] },
      keep_runs: 1,
    });
    const old = await perform(database.db, system, runNow, 'real', input);
    await perform(database.db, system, cancelRun, 'real', { run_id: old.run_id });
    const newer = await perform(database.db, system, runNow, 'real', input);
    await perform(database.db, system, cancelRun, 'real', { run_id: newer.run_id });
    const pruning = await database.db.transaction(async (tx) => {
      await tx.execute(sql`update runs set state = 'ready' where id = ${old.run_id}`);
      const act = pruneRuns(database.db);
      await until(async () => (await blockedBackends(database.db)) > 0);
      return { act };
    });
    expect(await pruning.act).toBe(0);
    expect((await fetchRun(database.db, 'real', old.run_id)).state).toBe('ready');
    await perform(database.db, system, cancelRun, 'real', { run_id: old.run_id });
    expect(await pruneRuns(database.db)).toBe(1);
    await expect(
      perform(database.db, system, rerunRun, 'real', { run_id: old.run_id }),
    ).rejects.toMatchObject({ status: 404 });
  });
});

test('rings that a dead worker left are taken away, and no others', async () => {
  const ring = async (set: string) => {
    const [job] = await database.db.execute<{ id: string }>(
      sql`select id from graphile_worker.add_job('run:real', '{}'::json, max_attempts => 1)`,
    );
    await database.db.execute(
      sql`update graphile_worker._private_jobs set ${sql.raw(set)} where id = ${job?.id}`,
    );
  };
  await ring("attempts = 1, updated_at = now() - interval '2 minutes'");
  await ring("attempts = 0, updated_at = now() - interval '2 minutes'");
  await ring('attempts = 1, updated_at = now()');
  await ring(
    "attempts = 1, updated_at = now() - interval '2 minutes', locked_at = now(), locked_by = 'somebody'",
  );
  expect(await dropDeadRings(database.db)).toBe(1);
  expect(await dropDeadRings(database.db)).toBe(0);
});
