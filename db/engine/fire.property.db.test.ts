import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptToken, type ProcessId, processId, type RunId } from '#domain/core/ids.ts';
import { compareDefinitions, type JobDefinition } from '#domain/jobs/definition.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { runAllCap } from '#domain/time/misfire.ts';
import { nextAfter, scheduleOf } from '#domain/time/schedule.ts';
import { connect, connectRaw, type Database, type RawClient } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob } from '#db/jobs/edit.ts';
import { definitionOf } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { violations } from '#db/testing/invariants.ts';
import { admitScope } from './admit-scope.ts';
import { claimRun } from './claim.ts';
import { fireDue } from './fire.ts';
import { NotLeader, tryLead } from './leadership.ts';
import { registerProcess } from './processes.ts';
import { endAttempt } from './settle.ts';
import { tick } from './tick.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const breaking = 'test:breaking';
const me: ProcessId = processId.parse(randomUUID());
let database: TestDatabase;
/** A connection whose transactions are broken off in the middle, as a killed leader's are. */
let doomed: Database;
let lock: RawClient;
let liveness: RawClient;
let epoch: number;
beforeAll(async () => {
  database = await testDatabase();
  doomed = connect(database.url, { max: 1, applicationName: breaking });
  lock = connectRaw(database.url, { max: 1, applicationName: 'test:lock' });
  liveness = connectRaw(database.url, { max: 1, applicationName: 'test:lock' });
  epoch = (await tryLead(lock, database.db, me)) ?? -1;
  await registerProcess(database.db, liveness, {
    id: me,
    kind: 'worker',
    lane: 'live',
    host: 'here',
    pid: 1,
    build: 'test',
  });
});
afterAll(async () => {
  await Promise.all([lock.end(), liveness.end(), doomed.$client.end({ timeout: 1 })]);
  await database[Symbol.asyncDispose]();
});

const start = new Date('2027-03-13T09:30:00.000Z');
const schedules = [
  { cron_expr: '*/20 * * * * *' },
  { cron_expr: '*/7 * * * *' },
  { cron_expr: '30 1 * * *', time_zone: 'America/New_York' },
  { cron_expr: '*/15 9-15 * * 1-5', time_zone: 'Asia/Seoul', calendar: 'XKRX', window: 'session' },
  { cron_expr: null, interval_seconds: 45 },
  { cron_expr: null, interval_seconds: 3_600 },
] as const;
/** What an edit leaves out of a schedule goes back to this. */
const plain = {
  cron_expr: null,
  interval_seconds: null,
  time_zone: 'Asia/Seoul',
  calendar: null,
  window: null,
};

const policy = fc.record({
  misfire: fc.constantFrom('skip' as const, 'run_latest' as const, 'run_all' as const),
  misfire_grace_sec: fc.constantFrom(1, 60, 1_800),
  overlap: fc.constantFrom('skip' as const, 'queue' as const, 'cancel_previous' as const),
  max_parallel: fc.integer({ min: 1, max: 3 }),
});
const schedule = fc.nat({ max: schedules.length - 1 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pass'),
      sec: fc.constantFrom(0, 1, 20, 44, 45, 90, 600, 4_000, 30_000, 90_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('back'), sec: fc.constantFrom(1, 60, 7_200) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit'), schedule }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('enable'), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break_off'), ms: fc.nat({ max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('race') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('old_leader') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('run_now') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('work'),
      outcome: fc.constantFrom('succeeded', 'lost', 'failed', 'handed_back'),
    }),
  },
) as fc.Arbitrary<Action>;
type Action =
  | { readonly kind: 'pass' | 'back'; readonly sec: number }
  | { readonly kind: 'edit'; readonly schedule: number }
  | { readonly kind: 'enable'; readonly on: boolean }
  | { readonly kind: 'break_off'; readonly ms: number }
  | { readonly kind: 'race' | 'old_leader' | 'run_now' }
  | { readonly kind: 'work'; readonly outcome: 'succeeded' | 'lost' | 'failed' | 'handed_back' };

/** A scope of its own with one job and a clock that the test moves. */
async function newWorld(definition: object) {
  const { db } = database;
  const scope = `w-${randomUUID().slice(0, 8)}`;
  await db.execute(sql`insert into scopes (name, kind, number, clock_kind, clock_at)
    select ${scope}, 'rehearsal', coalesce(max(number), 0) + 1, 'simulated', ${start.toISOString()}::timestamptz from scopes`);
  await db.execute(
    sql`insert into resource_groups (scope, name, capacity, kind) values (${scope}, 'total', 4, 'total')`,
  );
  await perform(db, system, createJob, scope, {
    job_id: 'job',
    task: 'command',
    params: { argv: ['true'] },
    retry_limit: 2,
    retry_delay_sec: 30,
    ...definition,
  });
  const [row] = await db.execute<{ id: string }>(sql`select id from jobs where scope = ${scope}`);
  return { scope, job: Number(row?.id) };
}

async function moveClock(scope: string, at: Date): Promise<void> {
  await database.db.execute(
    sql`update scopes set clock_at = ${at.toISOString()}::timestamptz where name = ${scope}`,
  );
}

async function passAll(db: Database, job: number): Promise<void> {
  for (let more = true; more;) ({ more } = await fireDue(db, epoch, job));
}

/** A pass that is broken off after a while, wherever it then is. */
async function breakOff(job: number, ms: number): Promise<void> {
  // What the driver asks for itself on a new connection is not the pass: broken off there, nobody would hear of it.
  await doomed.execute(sql`select 1`);
  const pass = passAll(doomed, job).catch(() => undefined);
  await wait(ms);
  await database.db.execute(
    sql`select pg_cancel_backend(pid) from pg_stat_activity where application_name = ${breaking}`,
  );
  await pass;
}

/** Claims what was dispatched in a scope and ends it. */
async function work(scope: string, kind: (Action & { kind: 'work' })['outcome']): Promise<void> {
  const { db } = database;
  const rows = await db.execute<{ id: RunId; dispatch: number }>(
    sql`select id, dispatch from runs where scope = ${scope} and state = 'dispatched'`,
  );
  for (const row of rows) {
    const by = { processId: me, host: 'here', token: attemptToken.parse(randomUUID()) };
    const claim = await claimRun(db, { runId: row.id, dispatch: row.dispatch }, by);
    if (claim === null) continue;
    const end = { runId: claim.id, attempt: claim.attempt, token: by.token, exitCode: null, error: null };
    const outcome = {
      succeeded: { kind: 'succeeded' },
      lost: { kind: 'lost', process: 'here' },
      failed: { kind: 'failed', reason: { code: 'task_error', params: {} }, retryable: true },
      handed_back: { kind: 'handed_back' },
    } as const;
    expect((await endAttempt(db, 'test', { ...end, outcome: outcome[kind] })).kind).toBe('settled');
    expect((await endAttempt(db, 'test', { ...end, outcome: outcome.succeeded })).kind).toBe('fenced');
  }
  await tick(db, epoch);
}

interface FiredRow extends Record<string, unknown> {
  readonly scheduled_for: string;
  readonly queued_at: string;
  readonly code: string | null;
  readonly from: string | null;
  readonly to: string | null;
}
/** What the database says of the scheduled runs: those that were let go as missed, by range, and the others. */
async function firedOf(job: number) {
  const rows = await database.db.execute<FiredRow>(sql`
    select r.scheduled_for, r.queued_at, h.reason->>'code' as code, h.reason->'params'->>'from' as from, h.reason->'params'->>'to' as to
    from runs r join run_history h on h.run_id = r.id and h.from_state is null
    where r.job = ${job} and r.dedupe_key like 'at:%' order by r.scheduled_for`);
  const missed = [...rows].filter((row) => row.code === 'misfire' || row.code === 'misfire_range');
  return {
    ran: new Set(
      [...rows].filter((row) => !missed.includes(row)).map((row) => Date.parse(row.scheduled_for)),
    ),
    missed: missed.map((row) => [Date.parse(row.from ?? ''), Date.parse(row.to ?? '')] as const),
    all: [...rows].map((row) => ({ at: Date.parse(row.scheduled_for), seen: Date.parse(row.queued_at) })),
  };
}

/** The fires of one job by its history of edits: enumerated one after the other, independently of how firing does it. */
class Oracle {
  /** By pass: what had come due since the one before. */
  readonly passes: { readonly now: Date; readonly fires: readonly Date[] }[] = [];
  #definition: JobDefinition;
  #anchor = start;
  #due: Date | null;

  constructor(definition: JobDefinition) {
    this.#definition = definition;
    this.#due = this.#next(start);
  }
  #next(after: Date): Date | null {
    const calendar = this.#definition.calendar === null ? null : builtinCalendar('XKRX');
    return nextAfter(scheduleOf({ ...this.#definition, schedule_anchor: this.#anchor }, calendar), after);
  }
  edit(fields: Partial<JobDefinition>, now: Date): void {
    const after = { ...this.#definition, ...fields };
    if (compareDefinitions(this.#definition, after).length === 0) return;
    this.#definition = after;
    this.#anchor = now;
    this.#due = after.enabled ? this.#next(now) : null;
  }
  pass(now: Date): void {
    const fires: Date[] = [];
    for (; this.#due !== null && this.#due <= now; this.#due = this.#next(this.#due)) fires.push(this.#due);
    if (fires.length > 0) this.passes.push({ now, fires });
  }
}

/** Which of a pass's fires the misfire policy lets run. */
function allowed(
  fires: readonly Date[],
  now: Date,
  misfire: JobDefinition['misfire'],
  graceSec: number,
): Date[] {
  const onTime = fires.filter((at) => now.getTime() - at.getTime() <= graceSec * 1_000);
  const late = fires.slice(0, fires.length - onTime.length);
  if (misfire === 'run_all') return [...late.slice(-runAllCap), ...onTime];
  return misfire === 'run_latest' && onTime.length === 0 ? late.slice(-1) : onTime;
}

type Policy = typeof policy extends fc.Arbitrary<infer P> ? P : never;

async function checkFires(
  job: number,
  oracle: Oracle,
  { misfire, misfire_grace_sec }: Policy,
  wentBack: boolean,
) {
  const { ran, missed, all } = await firedOf(job);
  const known = new Set(
    oracle.passes.flatMap(({ now, fires }) => fires.map((at) => `${at.getTime()} ${now.getTime()}`)),
  );
  for (const row of all) expect(known).toContain(`${row.at} ${row.seen}`);
  for (const { now, fires } of oracle.passes) {
    const may = new Set(allowed(fires, now, misfire, misfire_grace_sec).map((at) => at.getTime()));
    for (const at of fires.map((fire) => fire.getTime())) {
      const accounted = ran.has(at) || missed.some(([from, to]) => from <= at && at <= to);
      expect([new Date(at).toISOString(), accounted]).toEqual([new Date(at).toISOString(), true]);
      // A clock that went back shows a nominal time twice; its one run is the first time's.
      if (!wentBack)
        expect([new Date(at).toISOString(), ran.has(at)]).toEqual([new Date(at).toISOString(), may.has(at)]);
    }
  }
}

async function openOf(
  job: number,
): Promise<{ scheduled: number; all: number; due: string | null; enabled: boolean }> {
  const [row] = await database.db.execute<{
    scheduled: string;
    all: string;
    due: string | null;
    enabled: boolean;
  }>(sql`
    select count(r.id) filter (where r.dedupe_key like 'at:%' and r.cancel_requested_at is null) as scheduled, count(r.id) as all,
      j.next_due_at as due, j.enabled
    from jobs j left join runs r on r.job = j.id and r.state in ('waiting', 'ready', 'dispatched', 'running')
    where j.id = ${job} group by j.id`);
  return {
    scheduled: Number(row?.scheduled),
    all: Number(row?.all),
    due: row?.due ?? null,
    enabled: row?.enabled === true,
  };
}

/** Applies one action in a world; the oracle is told of it. */
async function act(
  world: { scope: string; job: number; now: Date },
  action: Action,
  oracle: Oracle | null,
): Promise<void> {
  const { db } = database;
  const { scope, job } = world;
  const change = async (fields: Partial<JobDefinition>) => {
    await perform(db, system, editJob, scope, { job_id: 'job', edit: fields });
    oracle?.edit(fields, world.now);
  };
  const pass = async () => {
    await passAll(db, job);
    oracle?.pass(world.now);
  };
  switch (action.kind) {
    case 'pass':
    case 'back':
      world.now = new Date(world.now.getTime() + (action.kind === 'back' ? -1_000 : 1_000) * action.sec);
      await moveClock(scope, world.now);
      return pass();
    case 'edit':
      return oracle === null ? undefined : change({ ...plain, ...schedules[action.schedule] });
    case 'enable':
      return change({ enabled: action.on });
    case 'break_off':
      await breakOff(job, action.ms);
      return pass();
    case 'race':
      await Promise.all([passAll(db, job), passAll(db, job)]);
      return pass();
    case 'old_leader':
      await expect(fireDue(db, epoch - 1, job)).rejects.toBeInstanceOf(NotLeader);
      return;
    case 'run_now':
      await perform(db, system, runNow, scope, { job_id: 'job' });
      await admitScope(db, scope);
      return;
    case 'work':
      return work(scope, action.outcome);
  }
}

test('whatever the schedule, edits, broken passes and clock: each fire once, none early, none lost within the policy', async () => {
  await fc.assert(
    fc.asyncProperty(
      schedule,
      policy,
      fc.array(action, { minLength: 5, maxLength: 25 }),
      async (first, rules, actions) => {
        const made = { ...plain, ...schedules[first], ...rules };
        const world = { ...(await newWorld(made)), now: start };
        const [row] = await database.db.select().from(jobs).where(eq(jobs.id, world.job));
        if (row === undefined) throw new Error('The job is missing.');
        const oracle = new Oracle(definitionOf(row));
        for (const action of actions) {
          await act(world, action, oracle);
          const open = await openOf(world.job);
          if (rules.overlap !== 'queue') expect(open.scheduled).toBeLessThanOrEqual(rules.max_parallel);
        }
        await checkFires(
          world.job,
          oracle,
          rules,
          actions.some(({ kind }) => kind === 'back'),
        );
        await database.db.execute(
          sql`update jobs set enabled = false, next_due_at = null where id = ${world.job}`,
        );
      },
    ),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 30) },
  );
  expect(await violations(database.db, { clockGoesBack: true })).toEqual([]);
});

test('a chain in queue mode never ends by itself, and is never two', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (actions) => {
      const world = { ...(await newWorld({ interval_seconds: 45, reschedule_mode: 'queue' })), now: start };
      for (const action of actions) {
        await act(world, action, null);
        const open = await openOf(world.job);
        expect(open.scheduled).toBeLessThanOrEqual(1);
        if (open.enabled) expect([action.kind, open.all > 0, open.due !== null]).toContain(true);
        if (open.all > 0) expect([action.kind, open.due]).toEqual([action.kind, null]);
      }
      await database.db.execute(
        sql`update jobs set enabled = false, next_due_at = null where id = ${world.job}`,
      );
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 30) },
  );
  expect(await violations(database.db, { clockGoesBack: true })).toEqual([]);
});
