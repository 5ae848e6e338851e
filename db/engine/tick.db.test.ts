import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { fetchRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { passTick } from '#db/testing/consumers.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { blockedBackends, until } from '#db/testing/locks.ts';
import { editResourceGroups } from './edit-rooms.ts';
import { runScopesNow } from './run-immediately.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function start(job_id: string): Promise<string> {
  await perform(database.db, system, createJob, 'real', {
    job_id,
    task: 'command',
    params: { argv: ['true'] },
  });
  return (await perform(database.db, system, runNow, 'real', { job_id })).run_id;
}
const state = async (id: string) => (await fetchRun(database.db, 'real', id)).state;

describe('the tick', () => {
  test('holds no run while it waits for a job', async () => {
    const retry = await start('retry');
    const asked = await start('asked');
    await database.db.execute(
      sql`update runs set state = 'waiting', waits_for = 'retry', not_before = now() - interval '1 second' where id = ${retry}`,
    );
    await database.db.execute(sql`update runs set cancel_requested_at = now() where id = ${asked}`);
    const { ticking } = await database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from jobs where job_id = 'asked' for update`);
      const pass = passTick(database.db);
      await until(async () => (await blockedBackends(database.db)) > 0);
      await tx.execute(sql`select 1 from runs for update nowait`);
      return { ticking: pass };
    });
    await ticking;
    expect([await state(retry), await state(asked)]).toEqual(['ready', 'cancelled']);
  });

  test('a retry is not early by its scope’s clock', async () => {
    const retry = await start('retry');
    await database.db.execute(
      sql`update runs set state = 'waiting', waits_for = 'retry', not_before = now() + interval '1 hour' where id = ${retry}`,
    );
    await passTick(database.db);
    expect(await state(retry)).toBe('waiting');
  });

  test('rings again after 3 s, then ever more rarely, at least each minute', async () => {
    const run = await start('deaf');
    const ringsAfter = async (dispatchedSec: number, rungSec: number | null) => {
      const before = await database.db.execute<{ dispatch: number }>(sql`
        update runs set state = 'dispatched', dispatched_at = clock_timestamp() - make_interval(secs => ${dispatchedSec}),
          rung_at = clock_timestamp() - make_interval(secs => ${rungSec}::double precision) where id = ${run} returning dispatch`);
      await passTick(database.db);
      return (await fetchRun(database.db, 'real', run)).dispatch - (before[0]?.dispatch ?? 0);
    };
    expect(await ringsAfter(1, null)).toBe(0);
    expect(await ringsAfter(4, null)).toBe(1);
    expect(await ringsAfter(10, 4)).toBe(0);
    expect(await ringsAfter(13, 7)).toBe(1);
    expect(await ringsAfter(1_000, 50)).toBe(0);
    expect(await ringsAfter(1_000, 61)).toBe(1);
    // Rung for an earlier dispatch.
    expect(await ringsAfter(4, 900)).toBe(1);
  });
});

test('rooms are locked in admission’s order, whatever order they are edited in', async () => {
  const { editing } = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from resource_groups where scope = 'real' and kind = 'total' for update`);
    const edit = perform(database.db, system, editResourceGroups, 'real', {
      resource_groups: [
        { name: 'trading', capacity: 3 },
        { name: 'ai_analysis', capacity: 5 },
      ],
    });
    await until(async () => (await blockedBackends(database.db)) > 0);
    await tx.execute(sql`select 1 from resource_groups where scope = 'real' for update nowait`);
    return { editing: edit };
  });
  const { resource_groups } = await editing;
  expect(resource_groups.find((room) => room.name === 'trading')?.capacity).toBe(3);
});

test('a start at once is dated by each scope’s own clock', async () => {
  const { db } = database;
  const clock = '2020-03-02T01:00:00.000Z';
  await db.execute(
    sql`insert into scopes (name, kind, number, clock_kind, clock_at) values ('past', 'mock', 90, 'simulated', ${clock})`,
  );
  for (const scope of ['mock', 'past'])
    await perform(db, system, createJob, scope, {
      job_id: 'hourly',
      task: 'command',
      params: { argv: ['true'] },
      interval_seconds: 3_600,
    });
  expect(await runScopesNow(db, ['mock', 'past'], 'k')).toBe(2);
  expect(await runScopesNow(db, ['mock', 'past'], 'k')).toBe(0);
  const rows = await db.execute<{ scope: string; year: string; day: string }>(
    sql`select scope, extract(year from scheduled_for)::text as year, trading_day::text as day from runs order by scope`,
  );
  expect(rows[1]).toEqual({ scope: 'past', year: '2020', day: '2020-03-02' });
  expect(Number(rows[0]?.year)).toBeGreaterThan(2020);
});
