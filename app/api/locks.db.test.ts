import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runView } from '#domain/runs/view.ts';
import { lockReleased, namedLockView, namedLocksView, symbolLockView } from '#domain/locks/view.ts';
import { claimKey } from '#db/locks/idempotency.ts';
import { acquireSymbol } from '#db/locks/symbols.ts';
import { problemSchema } from '#app/_server/api/problem.ts';
import type { Method } from '#app/_server/api/registry.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

let api: TestApi;
let operator: string;
let dealer: string;
let viewer: string;
const scope = 'real';
const base = `/api/v1/${scope}`;

beforeAll(async () => {
  api = await testApi();
  operator = await api.keyOf({ role: 'operator', scope });
  dealer = await api.keyOf({ role: 'dealer', scope });
  viewer = await api.keyOf({ role: 'viewer', scope });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const ask = async <T extends z.ZodType>(schema: T, path: string, key = viewer): Promise<z.output<T>> =>
  schema.parse(await (await api.call('GET', `${base}${path}`, { key })).json());
const send = (path: string, body: unknown, key = operator, method: Method = 'POST') =>
  api.call(method, `${base}${path}`, { key, body });
const refusal = async (response: Response) => {
  const { code, issues } = problemSchema.parse(await response.json());
  return [response.status, issues[0]?.path ?? null, issues[0]?.code ?? code];
};
const lockOf = async (name: string) => {
  const { locks } = await ask(namedLocksView, '/locks');
  const found = locks.find((lock) => lock.name === name);
  if (found === undefined) throw new Error(`No lock ${name}.`);
  return found;
};
const processId = '11111111-1111-4111-8111-111111111111';

/** A run that holds a lock as the engine would leave it: dispatched, or claimed by a worker. */
async function hold(name: string, state: 'dispatched' | 'running'): Promise<string> {
  const jobId = `holder-${crypto.randomUUID().slice(0, 8)}`;
  await send('/jobs', { job_id: jobId, task: 'command', params: { argv: ['true'] } });
  const run = runView.parse(await (await send(`/jobs/${jobId}/run-now`, {})).json());
  const { db } = api.database;
  await db.execute(sql`insert into slots (run_id, scope, job) select id, scope, job from runs where id = ${run.run_id}
    on conflict do nothing`);
  await db.execute(sql`update runs set state = 'dispatched', dispatch = 1 where id = ${run.run_id}`);
  if (state === 'running') {
    await db.execute(sql`update runs set state = 'running', attempt = 1, process_id = ${processId},
      started_at = now() - interval '1 minute' where id = ${run.run_id}`);
    await db.execute(sql`insert into attempts (run_id, attempt, token, process_id, host, params, started_at)
      values (${run.run_id}, 1, gen_random_uuid(), ${processId}, 'here', '{}', now() - interval '1 minute')`);
  }
  await db.execute(sql`update named_locks set holder = ${jobId}, holder_run = ${run.run_id}, holder_attempt = 1,
    since = now() - interval '1 minute', until = now() + interval '4 minutes' where scope = ${scope} and name = ${name}`);
  return run.run_id;
}

/** A session of somebody's own that takes an advisory lock and keeps it. */
async function session(applicationName: string, classId: number, objectId: number) {
  const client = postgres(api.database.url, {
    max: 1,
    connection: { application_name: applicationName },
    onnotice: () => undefined,
  });
  const [row] = await client<{ pid: number; taken: boolean }[]>`
    select pg_backend_pid() as pid, pg_try_advisory_lock(${classId}, ${objectId}) as taken`;
  expect(row?.taken).toBe(true);
  return { pid: row?.pid, end: () => client.end() };
}

const release = (name: string, body: unknown, key = operator) =>
  send(`/locks/${name}/release`, body, key).then(refusal);

describe('named locks', () => {
  beforeEach(async () => {
    await api.database.db.execute(sql`update named_locks set holder = null, holder_run = null,
      holder_attempt = null, since = null, until = null, why = null, token = null`);
  });
  let open: { end(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.map((each) => each.end()));
    open = [];
  });

  test('are free at first: 1001 and 1002 in every scope', async () => {
    const { locks } = await ask(namedLocksView, '/locks');
    expect(locks.map((lock) => [lock.name, lock.lock_id, lock.verdict, lock.builtin])).toEqual([
      ['trading_cycle', 1001, 'free', true],
      ['position_management', 1002, 'free', true],
    ]);
    expect(locks[0]?.advisory).toEqual({ class_id: 1, object_id: 1001, backends: [] });
  });

  test('a session outside that holds 1001 is seen, and named when somebody would force the lock', async () => {
    const outside = await session('algo.py', 1, 1001);
    open.push(outside);
    const lock = await lockOf('trading_cycle');
    expect(lock).toMatchObject({
      verdict: 'advisory_only',
      holder: null,
      advisory: { backends: [{ pid: outside.pid, application_name: 'algo.py', process_id: null }] },
    });
    expect((await lockOf('position_management')).verdict).toBe('free');
    const response = await send('/locks/trading_cycle/release', { reason: 'stuck' });
    expect(await refusal(response)).toEqual([409, null, 'lock_held_outside']);
  });

  test('a login that may not look at others is told the name all the same', async () => {
    const outside = await session('algo.py', 1, 1001);
    open.push(outside);
    const client = postgres(api.database.url, { max: 1, onnotice: () => undefined });
    open.push(client);
    const rows = await client
      .begin(async (tx) => {
        await tx`create role bellkeeper_test_looking`;
        await tx`grant execute on function advisory_sessions(integer) to bellkeeper_test_looking`;
        await tx`set local role bellkeeper_test_looking`;
        const seen = await tx`select * from advisory_sessions(1)`;
        throw Object.assign(new Error('undo'), { seen: [...seen] });
      })
      .catch((error: unknown) => (error instanceof Error && 'seen' in error ? error.seen : error));
    expect(rows).toEqual([{ object_id: '1001', pid: outside.pid, application_name: 'algo.py' }]);
  });

  test("the same id in another scope, in one key, or beyond an integer, is another's lock", async () => {
    open.push(await session('mock', 2, 1001), await session('negative', 1, -1));
    const single = postgres(api.database.url, { max: 1 });
    open.push(single);
    await single`select pg_advisory_lock(${((1n << 32n) | 1001n).toString()}::bigint)`;
    expect((await lockOf('trading_cycle')).verdict).toBe('free');
  });

  test('a holding run is named with its worker, and what pg_locks says of it', async () => {
    const run = await hold('trading_cycle', 'running');
    expect((await lockOf('trading_cycle')).verdict).toBe('disagree');
    open.push(await session(`bellkeeper:${processId}`, 1, 1001));
    const lock = await lockOf('trading_cycle');
    expect(lock).toMatchObject({
      verdict: 'held',
      holder: { run_id: run, run_state: 'running', process_id: processId, attempt: 1, cancelling: false },
    });
  });

  test('a run holds it by its row while a session outside holds the advisory lock: they disagree', async () => {
    await hold('trading_cycle', 'running');
    open.push(await session('algo.py', 1, 1001));
    expect((await lockOf('trading_cycle')).verdict).toBe('disagree');
  });

  test('runs that wait for it are named', async () => {
    await hold('trading_cycle', 'running');
    const ids: string[] = [];
    for (const jobId of ['waits-first', 'waits-second']) {
      await send('/jobs', {
        job_id: jobId,
        task: 'command',
        params: { argv: ['true'] },
        locks: ['trading_cycle'],
      });
      ids.push(runView.parse(await (await send(`/jobs/${jobId}/run-now`, {})).json()).run_id);
    }
    await api.database.db.execute(sql`update runs set state = 'waiting', waits_for = 'lock',
      locks = '{trading_cycle}', lock_wait_until = now() + interval '1 minute' where job_id like 'waits-%'`);
    const lock = await lockOf('trading_cycle');
    expect(lock.waiting).toBe(2);
    expect(lock.waiters.map((waiter) => waiter.run_id)).toEqual(ids);
    expect(lock.jobs).toEqual(['waits-first', 'waits-second']);
  });

  test('forced open: a running holder is asked to stop and keeps it, a dispatched one ends', async () => {
    const running = await hold('trading_cycle', 'running');
    const first = lockReleased.parse(
      await (await send('/locks/trading_cycle/release', { reason: 'hangs' })).json(),
    );
    expect(first).toMatchObject({
      effect: 'cancelling',
      lock: { holder: { run_id: running, cancelling: true } },
    });
    const waiting = await hold('position_management', 'dispatched');
    const second = lockReleased.parse(
      await (await send('/locks/position_management/release', { reason: 'hangs' })).json(),
    );
    expect(second).toMatchObject({ effect: 'freed', lock: { holder: null, verdict: 'free' } });
    const rows = await api.database.db.execute<{ state: string; slot: string | null }>(
      sql`select r.state, s.run_id as slot from runs r left join slots s on s.run_id = r.id where r.id = ${waiting}`,
    );
    expect([...rows]).toEqual([{ state: 'cancelled', slot: null }]);
    const audited = await api.database.db.execute<{ operation: string; after: unknown }>(
      sql`select operation, after from audit where entity_type = 'lock' order by id`,
    );
    expect([...audited].map((row) => row.after)).toEqual([
      { effect: 'cancelling', reason: 'hangs' },
      { effect: 'freed', reason: 'hangs' },
    ]);
  });

  test('forced open: what is no run, or a run that is gone, loses it at once', async () => {
    await api.database.db.execute(sql`update named_locks set holder = 'script', since = now(),
      token = gen_random_uuid() where scope = ${scope} and name = 'trading_cycle'`);
    expect((await lockOf('trading_cycle')).verdict).toBe('row_only');
    expect(await (await send('/locks/trading_cycle/release', { reason: 'x' })).json()).toMatchObject({
      effect: 'freed',
      lock: { verdict: 'free' },
    });
    await api.database.db.execute(sql`update named_locks set holder = 'pruned', since = now(),
      holder_run = gen_random_uuid() where scope = ${scope} and name = 'trading_cycle'`);
    expect((await lockOf('trading_cycle')).verdict).toBe('disagree');
    expect(await (await send('/locks/trading_cycle/release', { reason: 'x' })).json()).toMatchObject({
      effect: 'freed',
    });
  });

  test('forcing is refused to viewers and dealers, without a reason, of a free lock and of none', async () => {
    expect(await release('trading_cycle', { reason: 'x' }, viewer)).toEqual([403, null, 'forbidden']);
    expect(await release('trading_cycle', { reason: 'x' }, dealer)).toEqual([403, null, 'forbidden']);
    expect(await release('trading_cycle', {})).toEqual([400, 'reason', 'invalid_type']);
    expect(await release('trading_cycle', { reason: ' ' })).toEqual([400, 'reason', 'too_small']);
    expect(await release('trading_cycle', { reason: 'x' })).toEqual([409, null, 'lock_not_held']);
    expect(await release('nothing', { reason: 'x' })).toEqual([404, null, 'lock_not_found']);
  });

  test('are defined from 1003 up, each name and id once, and removed when nobody needs them', async () => {
    const define = (body: object) => send('/locks', body);
    const made = namedLockView.parse(await (await define({ name: 'rebalance' })).json());
    expect(made).toMatchObject({ lock_id: 1003, builtin: false, verdict: 'free' });
    expect(namedLockView.parse(await (await define({ name: 'far', lock_id: 5000 })).json()).lock_id).toBe(
      5000,
    );
    expect(namedLockView.parse(await (await define({ name: 'next' })).json()).lock_id).toBe(5001);
    expect(await refusal(await define({ name: 'rebalance' }))).toEqual([409, null, 'lock_exists']);
    expect(await refusal(await define({ name: 'other', lock_id: 1003 }))).toEqual([
      400,
      'lock_id',
      'lock_id_taken',
    ]);
    expect(await refusal(await define({ name: 'other', lock_id: 1002 }))).toEqual([
      400,
      'lock_id',
      'too_small',
    ]);
    expect((await refusal(await define({ name: 'Not A Name' })))[1]).toBe('name');
    const twins = await Promise.all(['t1', 't2', 't3', 't4'].map((name) => define({ name })));
    expect(twins.map((response) => response.status)).toEqual([201, 201, 201, 201]);

    await send('/jobs', {
      job_id: 'balances',
      task: 'command',
      params: { argv: ['true'] },
      locks: ['rebalance'],
    });
    const remove = (name: string) => send(`/locks/${name}`, undefined, operator, 'DELETE');
    expect(await refusal(await remove('rebalance'))).toEqual([409, null, 'lock_in_use']);
    expect(await refusal(await remove('trading_cycle'))).toEqual([409, null, 'lock_builtin']);
    expect((await remove('far')).status).toBe(204);
    expect(await refusal(await remove('far'))).toEqual([404, null, 'lock_not_found']);
  });
});

describe('symbol locks', () => {
  const page = z.object({
    items: z.array(symbolLockView),
    counts: z.record(z.string(), z.number()),
    next_cursor: z.string().nullable(),
  });

  test('are listed, counted, searched, forced open and reconciled', async () => {
    const { db } = api.database;
    for (const [index, symbol] of ['005930', '000660', 'KRW-BTC'].entries())
      await db.transaction((tx) => acquireSymbol(tx, scope, symbol, `trader-${index}`));
    await db.execute(sql`update symbol_locks set until = now() where symbol = '000660'`);
    const all = await ask(page, '/symbol-locks?limit=2');
    expect(all.items.map((item) => [item.symbol, item.state])).toEqual([
      ['000660', 'expired'],
      ['005930', 'held'],
    ]);
    expect(all.counts).toMatchObject({ held: 2, expired: 1, free: 0 });
    const rest = await ask(page, `/symbol-locks?limit=2&cursor=${all.next_cursor}`);
    expect(rest.items.map((item) => item.symbol)).toEqual(['KRW-BTC']);
    expect((await ask(page, '/symbol-locks?q=TRADER-2')).items.map((item) => item.symbol)).toEqual([
      'KRW-BTC',
    ]);
    expect((await ask(page, '/symbol-locks?state=expired')).items.length).toBe(1);

    const reason = { reason: 'seen at the broker' };
    expect(await refusal(await send('/symbol-locks/KRW-BTC/release', reason))).toEqual([
      403,
      null,
      'forbidden',
    ]);
    const forced = await send('/symbol-locks/KRW-BTC/release', reason, dealer);
    expect(await forced.json()).toMatchObject({ state: 'reconcile', last_trader: 'trader-2' });
    const free = await send('/symbol-locks/KRW-BTC/reconciled', reason, dealer);
    expect(await free.json()).toMatchObject({ state: 'free', has_position: false });
    expect(await refusal(await send('/symbol-locks/KRW-BTC/reconciled', reason, dealer))).toEqual([
      409,
      null,
      'symbol_lock_free',
    ]);
    expect(await refusal(await send('/symbol-locks/005930/reconciled', reason, dealer))).toEqual([
      409,
      null,
      'symbol_lock_held',
    ]);
  });
});

test('idempotency keys are listed newest first, searched, and those hit again told apart', async () => {
  const { db } = api.database;
  for (const key of ['005930-15m-1795132800-buy', '000660-15m-1795132800-buy'])
    await db.transaction((tx) => claimKey(tx, scope, key, 'intent-1'));
  await db.transaction((tx) => claimKey(tx, scope, '005930-15m-1795132800-buy', 'intent-2'));
  const page = z.object({ items: z.array(z.object({ key: z.string(), hits: z.number() })) });
  const keys = async (query: string) => (await ask(page, `/idempotency-keys${query}`)).items;
  expect((await keys('')).map((item) => item.key.slice(0, 6))).toEqual(['000660', '005930']);
  expect(await keys('?duplicates=true')).toMatchObject([{ key: '005930-15m-1795132800-buy', hits: 1 }]);
  expect((await keys('?q=000660')).length).toBe(1);
  expect((await keys('?q=%25')).length).toBe(0);
});
