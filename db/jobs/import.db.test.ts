import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import { changes } from '#db/core/schema.ts';
import { audit } from '#db/core/schema.ts';
import { perform } from '#db/core/operation.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { pauseJob } from './edit.ts';
import { importJobs } from './import.ts';
import { getJob, listJobs } from './queries.ts';

const actor = { kind: 'system', id: 'cli', name: 'command line' } as const;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const command = { task: 'command', params: { argv: ['true'] } };
const run = (scope: string, input: object) => perform(database.db, actor, importJobs, scope, input);

async function refused(scope: string, input: object): Promise<Problem> {
  try {
    await run(scope, input);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

const traces = async () => [
  (await listJobs(database.db, 'mock')).items.map((job) => [job.job_id, job.version]),
  await database.db.$count(audit),
  await database.db.$count(changes),
];

describe('import_jobs', () => {
  test('registers all, each with its version, audit row and next fire', async () => {
    const { items } = await run('real', {
      jobs: [
        { job_id: 'a', ...command, cron_expr: '0 9 * * *' },
        { job_id: 'b', queue: 'real.jobs.b' },
      ],
    });
    expect(items.map(({ job_id, action, version }) => [job_id, action, version])).toEqual([
      ['a', 'created', 1],
      ['b', 'created', 1],
    ]);
    expect(items[0]?.next_due_at).not.toBeNull();
    expect((await getJob(database.db, 'real', 'b')).task).toBe('external');
    const rows = await database.db.select().from(audit).where(eq(audit.operation, 'import_jobs'));
    expect(rows.map((row) => row.entityId).toSorted()).toEqual(['real/a', 'real/b']);
  });

  test('names every problem of every job and writes nothing', async () => {
    const before = (await listJobs(database.db, 'mock')).items.length;
    const problem = await refused('mock', {
      jobs: [
        { job_id: 'good', ...command },
        { job_id: 'Bad Id', ...command, timeout_sec: 0 },
        { job_id: 'unknown-task', task: 'nothing' },
        { job_id: 'typo', ...command, cron: '* * * * *' },
        { job_id: 'no-group', ...command, resource_group: 'nowhere' },
        'no object',
      ],
    });
    expect(problem.code).toBe('import_refused');
    expect(problem.issues.map((issue) => issue.path.slice(0, 3).join('.'))).toEqual([
      'jobs.1.job_id',
      'jobs.1.timeout_sec',
      'jobs.3.cron',
      'jobs.5',
      'jobs.2.task',
      'jobs.4.resource_group',
    ]);
    expect((await listJobs(database.db, 'mock')).items).toHaveLength(before);
  });

  test('refuses what is registered, unless told to update', async () => {
    await run('mock', { jobs: [{ job_id: 'twice', ...command }] });
    const problem = await refused('mock', {
      jobs: [
        { job_id: 'twice', ...command },
        { job_id: 'new', ...command },
      ],
    });
    expect(problem.issues).toMatchObject([{ path: ['jobs', 0, 'job_id'], code: 'job_exists' }]);
    const { items } = await run('mock', {
      update: true,
      jobs: [
        { job_id: 'twice', ...command, timeout_sec: 7 },
        { job_id: 'new', ...command },
      ],
    });
    expect(items).toMatchObject([
      { action: 'changed', version: 2, changes: [{ field: 'timeout_sec', before: 120, after: 7 }] },
      { action: 'created', version: 1 },
    ]);
    const again = await run('mock', {
      update: true,
      jobs: [{ job_id: 'twice', ...command, timeout_sec: 7 }],
    });
    expect(again.items).toMatchObject([{ action: 'unchanged', version: 2 }]);
  });

  test('an update sets what is left out to its default, but never wakes a paused job', async () => {
    await run('mock', { jobs: [{ job_id: 'paused', ...command, timeout_sec: 9 }] });
    await perform(database.db, actor, pauseJob, 'mock', { job_id: 'paused' });
    await run('mock', { update: true, jobs: [{ job_id: 'paused', ...command }] });
    expect(await getJob(database.db, 'mock', 'paused')).toMatchObject({ enabled: false, timeout_sec: 120 });
    await run('mock', { update: true, jobs: [{ job_id: 'paused', ...command, enabled: true }] });
    expect((await getJob(database.db, 'mock', 'paused')).enabled).toBe(true);
  });

  test('a dry run says the same and leaves no trace', async () => {
    await run('mock', { jobs: [{ job_id: 'dry', ...command }] });
    const before = await traces();
    const { items, dry_run } = await run('mock', {
      dry_run: true,
      update: true,
      jobs: [
        { job_id: 'dry', ...command, interval_seconds: 60 },
        { job_id: 'drier', ...command, cron_expr: '0 9 * * *' },
      ],
    });
    expect(dry_run).toBe(true);
    expect(items).toMatchObject([
      { action: 'changed', changes: [{ field: 'interval_seconds', before: null, after: 60 }] },
      { action: 'created' },
    ]);
    expect(items.every((item) => item.next_due_at !== null)).toBe(true);
    expect(await traces()).toEqual(before);
    const problem = await refused('mock', { dry_run: true, jobs: [{ job_id: 'dry', ...command }] });
    expect(problem.code).toBe('import_refused');
    expect(await traces()).toEqual(before);
  });

  test('needs the permission to edit jobs in that scope', async () => {
    const viewer = { kind: 'key', id: 'k', name: 'k', grants: [{ role: 'viewer', scope: 'mock' }] } as const;
    await expect(
      perform(database.db, viewer, importJobs, 'mock', { jobs: [{ job_id: 'x', ...command }] }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(
      await database.db.$count(audit, and(eq(audit.operation, 'import_jobs'), eq(audit.actorId, 'k'))),
    ).toBe(0);
  });

  test('wires jobs that name one another in any order, the same each time, and refuses a cycle', async () => {
    const jobs = [
      { job_id: 'first', ...command, triggers: ['second'] },
      { job_id: 'second', ...command, depends_on: ['first', 'third'] },
      { job_id: 'third', ...command },
    ];
    for (const update of [false, true]) {
      await run('real', { jobs, update });
      expect((await getJob(database.db, 'real', 'second')).depends_on).toMatchObject([
        { job_id: 'first', kind: 'both' },
        { job_id: 'third', kind: 'gate' },
      ]);
    }
    const problem = await refused('real', {
      jobs: [{ job_id: 'third', ...command, depends_on: ['second'] }],
      update: true,
    });
    expect(problem.issues).toMatchObject([{ path: ['jobs', 0, 'depends_on'], code: 'dependency_cycle' }]);
  });
});

test('an id given twice is refused, also when the job is registered already', async () => {
  const twice = { job_id: 'twice', ...command };
  await run('real', { jobs: [twice] });
  const problem = await refused('real', {
    update: true,
    jobs: [
      { ...twice, description: 'one' },
      { ...twice, description: 'two' },
    ],
  });
  expect(problem.issues).toMatchObject([{ path: ['jobs', 1, 'job_id'], code: 'job_twice' }]);
});
