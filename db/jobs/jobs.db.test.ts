import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { perform } from '#db/core/operation.ts';
import { cancelRun, discardRun, rerunRun } from '#db/runs/control.ts';
import { getRun, listRuns } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { createJob } from './create.ts';
import { deleteJob } from './delete.ts';
import { editJob, pauseJob, replaceJob, restoreVersion, resumeJob } from './edit.ts';
import { getJob, listJobs, listVersions } from './queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const kim: Actor = { kind: 'user', id: 'u1', name: 'Kim', grants: [{ role: 'operator', scope: 'real' }] };
const viewer: Actor = { kind: 'user', id: 'u2', name: 'Lee', grants: [{ role: 'viewer', scope: '*' }] };
const echo = { task: 'command', params: { argv: ['true'] } };
const real = (operation: Parameters<typeof perform>[2], input: unknown, actor: Actor = kim) =>
  perform(database.db, actor, operation, 'real', input);

async function problem(act: Promise<unknown>): Promise<Problem> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error(`Expected a problem, got ${String(error)}`);
  return error;
}
const changesAfter = async (id: string) => {
  const rows = await database.db.execute<{ topic: string; entity: string }>(
    sql`select topic, entity from changes where entity = ${id} order by id`,
  );
  return [...rows].map((row) => row.topic);
};

describe('registering a job', () => {
  test('answers its fields with defaults, a next due time, a version, an audit row and a change', async () => {
    const job = await perform(database.db, kim, createJob, 'real', {
      job_id: 'news-crawler',
      queue: 'real.jobs.news-crawler',
      cron_expr: '*/10 * * * *',
      reschedule_mode: 'scheduler',
      interval_seconds: 600,
      description: '뉴스 크롤링 자동 실행',
      enabled: true,
      default_params: { depth: 2 },
    });
    expect(job).toMatchObject({
      job_id: 'news-crawler',
      task: 'external',
      params: { depth: 2 },
      default_params: { depth: 2 },
      schedule_kind: 'cron',
      version: 1,
      time_zone: 'Asia/Seoul',
      timeout_sec: 120,
    });
    expect(new Date(job.next_due_at ?? '').getUTCMinutes() % 10).toBe(0);
    const rows = await database.db.execute<{
      operation: string;
      actor_name: string;
      before: unknown;
      after: { queue: string };
    }>(sql`select * from audit where entity_id = 'real/news-crawler'`);
    expect(rows).toMatchObject([
      {
        operation: 'create_job',
        actor_name: 'Kim',
        before: null,
        after: { queue: 'real.jobs.news-crawler' },
      },
    ]);
    expect(await changesAfter('news-crawler')).toEqual(['jobs']);
  });

  test('the same id again is a conflict, in another scope it is not', async () => {
    await real(createJob, { job_id: 'twice', ...echo });
    expect(await problem(real(createJob, { job_id: 'twice', ...echo }))).toMatchObject({
      status: 409,
      code: 'job_exists',
    });
    const everywhere: Actor = { ...kim, grants: [{ role: 'operator', scope: '*' }] };
    await perform(database.db, everywhere, createJob, 'mock', { job_id: 'twice', ...echo });
  });

  test.each([
    ['cron_expr', { cron_expr: '61 8 * * 1-5' }],
    ['time_zone', { time_zone: 'Asia/Soul' }],
    ['queue', { queue: 'mock.jobs.x' }],
    ['resource_group', { resource_group: 'nowhere' }],
    ['resource_group', { resource_group: 'exits' }],
    ['params.argv', { params: { argv: [] } }],
    ['params.shell', { params: { argv: ['true'], shell: true } }],
    ['task', { task: 'comand' }],
    ['nope', { nope: 1 }],
    ['timeout_sec', { timeout_sec: 0 }],
    ['default_params', { default_params: {}, params: {} }],
  ])('refuses a bad %s by name', async (field, body) => {
    const found = await problem(real(createJob, { job_id: 'bad', ...echo, ...body }));
    expect(found.status).toBe(400);
    expect(found.issues.map((issue) => issue.path.join('.'))).toContain(field);
  });

  test('a way out has slots of its own, and what was read can be written back', async () => {
    const way = { task: 'position_management', cron_expr: '0 9 * * *', resource_group: 'trading' };
    const made = await real(createJob, { job_id: 'way-out', ...way });
    expect(made).toMatchObject({ resource_group: 'exits' });
    await real(editJob, { job_id: 'way-out', edit: { resource_group: 'exits', priority: 0 } });
    expect(await real(editJob, { job_id: 'way-out', edit: { ...echo, resource_group: null } })).toMatchObject(
      {
        task: 'command',
      },
    );
  });

  test('is refused to those who may only look, and in a scope that is not theirs', async () => {
    expect(await problem(real(createJob, { job_id: 'x', ...echo }, viewer))).toMatchObject({ status: 403 });
    expect(
      await problem(perform(database.db, kim, createJob, 'mock', { job_id: 'x', ...echo })),
    ).toMatchObject({ status: 403 });
    expect(
      await problem(
        perform(database.db, { ...kim, grants: [{ role: 'operator', scope: '*' }] }, createJob, 'nowhere', {
          job_id: 'x',
          ...echo,
        }),
      ),
    ).toMatchObject({ status: 404 });
  });

  test('repeated with the same idempotency key happens once, even at the same time', async () => {
    const once = () =>
      perform(
        database.db,
        kim,
        createJob,
        'real',
        { job_id: 'idem', ...echo },
        { idempotency: { id: 'k1', fingerprint: 'f' } },
      );
    const answers = await Promise.all([once(), once(), once()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(
      await problem(
        perform(
          database.db,
          kim,
          createJob,
          'real',
          { job_id: 'idem2', ...echo },
          { idempotency: { id: 'k1', fingerprint: 'g' } },
        ),
      ),
    ).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });
});

describe('editing a job', () => {
  test('makes versions that can be compared and restored; a stale one is refused', async () => {
    await real(createJob, { job_id: 'edit', ...echo, cron_expr: '0 9 * * *' });
    const edited = await perform(database.db, kim, editJob, 'real', {
      job_id: 'edit',
      edit: { cron_expr: '0 10 * * *', version: 1 },
    });
    expect(edited).toMatchObject({ version: 2, cron_expr: '0 10 * * *' });
    expect(new Date(edited.next_due_at ?? '').getUTCHours()).toBe(1);
    expect(
      await problem(real(editJob, { job_id: 'edit', edit: { cron_expr: '0 11 * * *', version: 1 } })),
    ).toMatchObject({ status: 409, params: { current: 2, given: 1 } });
    const restored = await perform(database.db, kim, restoreVersion, 'real', { job_id: 'edit', version: 1 });
    expect(restored).toMatchObject({ version: 3, cron_expr: '0 9 * * *' });
    const { items } = await listVersions(database.db, 'real', 'edit');
    expect(items.map((item) => [item.version, item.restored_from, item.author.name])).toEqual([
      [3, 1, 'Kim'],
      [2, null, 'Kim'],
      [1, null, 'Kim'],
    ]);
  });

  test('that changes nothing makes no version, and one that leaves the schedule alone leaves its next time', async () => {
    const before = await perform(database.db, kim, createJob, 'real', {
      job_id: 'calm',
      ...echo,
      interval_seconds: 3_600,
    });
    const same = await perform(database.db, kim, editJob, 'real', {
      job_id: 'calm',
      edit: { interval_seconds: 3_600 },
    });
    expect(same.version).toBe(1);
    const described = await perform(database.db, kim, editJob, 'real', {
      job_id: 'calm',
      edit: { description: 'x' },
    });
    expect(described).toMatchObject({ version: 2, next_due_at: before.next_due_at });
  });

  test('of a schedule in place refuses a bad cron', async () => {
    await real(createJob, { job_id: 'patch', ...echo });
    const found = await problem(real(editJob, { job_id: 'patch', edit: { cron_expr: '61 8 * * 1-5' } }));
    expect(found.issues[0]?.path.at(-1)).toBe('cron_expr');
  });

  test('two at once: one wins, the other is told', async () => {
    await real(createJob, { job_id: 'race', ...echo });
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((description) =>
        real(editJob, { job_id: 'race', edit: { description, version: 1 } }),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect((await getJob(database.db, 'real', 'race')).version).toBe(2);
  });

  test('replacing takes defaults for what is left out', async () => {
    await real(createJob, { job_id: 'put', ...echo, timeout_sec: 9, cron_expr: '0 9 * * *' });
    const replaced = await perform(database.db, kim, replaceJob, 'real', { job_id: 'put', definition: echo });
    expect(replaced).toMatchObject({
      timeout_sec: 120,
      cron_expr: null,
      next_due_at: null,
      queue: 'real.jobs.put',
    });
  });

  test('pausing and resuming: no next time while paused; queue mode is due at once', async () => {
    await real(createJob, { job_id: 'pause', ...echo, reschedule_mode: 'queue', interval_seconds: 60 });
    expect((await perform(database.db, kim, pauseJob, 'real', { job_id: 'pause' })).next_due_at).toBeNull();
    const resumed = await perform(database.db, kim, resumeJob, 'real', { job_id: 'pause' });
    expect(Math.abs(Date.parse(resumed.next_due_at ?? '') - Date.now())).toBeLessThan(10_000);
  });

  test('queue mode needs an interval; a job that has none can still be paused', async () => {
    const refused = { status: 400, issues: [{ path: ['interval_seconds'], code: 'interval_missing' }] };
    expect(
      await problem(real(createJob, { job_id: 'bare', ...echo, reschedule_mode: 'queue' })),
    ).toMatchObject(refused);
    await real(createJob, { job_id: 'bare', ...echo, reschedule_mode: 'queue', interval_seconds: 60 });
    expect(await problem(real(editJob, { job_id: 'bare', edit: { interval_seconds: null } }))).toMatchObject(
      refused,
    );
    await database.db.execute(sql`update jobs set interval_seconds = null where job_id = 'bare'`);
    expect((await perform(database.db, kim, pauseJob, 'real', { job_id: 'bare' })).enabled).toBe(false);
    expect(await problem(real(resumeJob, { job_id: 'bare' }))).toMatchObject(refused);
    await real(deleteJob, { job_id: 'bare' });
  });

  test('in queue mode an open run holds the next time, and every end sets it again', async () => {
    await real(createJob, { job_id: 'held', ...echo, reschedule_mode: 'queue', interval_seconds: 60 });
    const run = await perform(database.db, kim, runNow, 'real', { job_id: 'held' });
    expect((await getJob(database.db, 'real', 'held')).next_due_at).toBeNull();
    const other = await perform(database.db, kim, runNow, 'real', { job_id: 'held' });
    await real(cancelRun, { run_id: run.run_id });
    expect((await getJob(database.db, 'real', 'held')).next_due_at).toBeNull();
    await real(cancelRun, { run_id: other.run_id });
    const due = Date.parse((await getJob(database.db, 'real', 'held')).next_due_at ?? '');
    expect(due - Date.now()).toBeGreaterThan(30_000);
    await real(rerunRun, { run_id: run.run_id });
    expect((await getJob(database.db, 'real', 'held')).next_due_at).toBeNull();
  });

  test('deleting frees the id, keeps the runs, and waits for open ones', async () => {
    await real(createJob, { job_id: 'gone', ...echo });
    const run = await perform(database.db, kim, runNow, 'real', { job_id: 'gone' });
    expect(await problem(real(deleteJob, { job_id: 'gone' }))).toMatchObject({
      status: 409,
      code: 'job_has_open_runs',
    });
    await perform(database.db, kim, cancelRun, 'real', { run_id: run.run_id });
    await real(deleteJob, { job_id: 'gone' });
    expect(await problem(getJob(database.db, 'real', 'gone'))).toMatchObject({ status: 404 });
    expect((await getRun(database.db, 'real', run.run_id)).state).toBe('cancelled');
    await real(createJob, { job_id: 'gone', ...echo });
  });
});

describe('runs', () => {
  test('a run of ours waits, is cancelled, rerun with other parameters; a second cancel is refused', async () => {
    await real(createJob, { job_id: 'run', ...echo });
    const asked = await perform(database.db, kim, runNow, 'real', {
      job_id: 'run',
      params: { argv: ['echo', 'x'] },
    });
    expect(asked).toMatchObject({
      state: 'ready',
      status: 'waiting',
      trigger_source: 'manual',
      params: { argv: ['echo', 'x'] },
      reason: { code: 'run_now', params: { actor: 'Kim' } },
    });
    const ended = await perform(database.db, kim, cancelRun, 'real', { run_id: asked.run_id });
    expect(ended.state).toBe('cancelled');
    expect(await problem(real(cancelRun, { run_id: asked.run_id }))).toMatchObject({
      status: 409,
      code: 'run_ended',
    });
    const again = await perform(database.db, kim, rerunRun, 'real', {
      run_id: asked.run_id,
      params: { argv: ['echo', 'y'] },
    });
    expect(again).toMatchObject({ run_id: asked.run_id, state: 'ready', params: { argv: ['echo', 'y'] } });
    expect(await problem(real(rerunRun, { run_id: asked.run_id }))).toMatchObject({
      status: 409,
      code: 'run_open',
    });
    expect(await problem(real(discardRun, { run_id: asked.run_id }))).toMatchObject({
      status: 409,
      code: 'run_not_quarantined',
    });
    expect(await problem(real(runNow, { job_id: 'run', params: { argv: 7 } }))).toMatchObject({
      status: 400,
    });
    const detail = await getRun(database.db, 'real', asked.run_id);
    expect(detail.history.map((step) => [step.from, step.to, step.actor])).toEqual([
      [null, 'ready', 'user:Kim'],
      ['ready', 'cancelled', 'user:Kim'],
      ['cancelled', 'ready', 'user:Kim'],
    ]);
  });

  test('of another scope are not found', async () => {
    await real(createJob, { job_id: 'mine', ...echo });
    const run = await perform(database.db, kim, runNow, 'real', { job_id: 'mine' });
    expect(await problem(getRun(database.db, 'mock', run.run_id))).toMatchObject({ status: 404 });
    expect(await problem(getRun(database.db, 'real', 'no-uuid'))).toMatchObject({ status: 404 });
  });

  test('page by page cover every run once, newest first', async () => {
    await real(createJob, { job_id: 'many', ...echo, max_parallel: 100 });
    for (let index = 0; index < 7; index += 1) await real(runNow, { job_id: 'many' });
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(database.db, 'real', {
        job_id: 'many',
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map((item) => item.run_id));
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  test('lists find jobs by id, description and state', async () => {
    await real(createJob, { job_id: 'find-me', description: '100%_시세', ...echo, enabled: false });
    expect((await listJobs(database.db, 'real', { q: '100%_시세' })).items.map((job) => job.job_id)).toEqual([
      'find-me',
    ]);
    expect((await listJobs(database.db, 'real', { q: '100%x' })).items).toEqual([]);
    expect((await listJobs(database.db, 'real', { state: 'paused' })).items.map((job) => job.job_id)).toEqual(
      ['find-me'],
    );
  });
});

test('audit rows cannot be changed', async () => {
  await expect(database.db.execute(sql`update audit set actor_name = 'x'`)).rejects.toThrow();
  await expect(database.db.execute(sql`delete from audit`)).rejects.toThrow();
});
