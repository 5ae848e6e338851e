import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { type FieldIssue, Problem } from '#domain/core/errors.ts';
import {
  type JobDefinition,
  type JobField,
  type Registration,
  compareDefinitions,
  registration,
} from '#domain/jobs/definition.ts';
import { holdGraph, lockGraph, namesNeighbours, writeNeighbours } from '#db/dependencies/edit.ts';
import { issuesOf } from '#db/core/issues.ts';
import { scopedOperation, type ScopedContext } from '#db/core/operation.ts';
import { createJob, registeredDefinition } from './create.ts';
import { applyDefinition } from './edit.ts';
import { fetchJob } from './fetch.ts';
import { definitionOf, type JobRow } from './rows.ts';
import { jobs } from './schema.ts';

/** What an import does to one job. */
export interface Imported {
  readonly job_id: string;
  readonly action: 'created' | 'changed' | 'unchanged';
  readonly version: number;
  readonly changes: readonly {
    readonly field: JobField;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly enabled: boolean;
  readonly time_zone: string;
  readonly next_due_at: string | null;
}

const input = z.object({
  /** Checked one by one, so that every problem of every job is named at once. */
  jobs: z.array(z.unknown()).min(1).max(1_000),
  /** Jobs that are registered already are changed to what the import says; else they are refused. */
  update: z.boolean().default(false),
  /** Says what would be done, and does nothing. */
  dry_run: z.boolean().default(false),
});

type Entry = { readonly index: number; readonly body: Registration; readonly given: object };

function under(index: number, issues: readonly FieldIssue[]): FieldIssue[] {
  return issues.map((issue) => ({ ...issue, path: ['jobs', index, ...issue.path] }));
}

function issuesOfProblem(problem: Problem): readonly FieldIssue[] {
  if (problem.issues.length > 0) return problem.issues;
  const { code, message, params } = problem;
  return [{ path: [], code, message, params }];
}

function parseAll(given: readonly unknown[]): { entries: Entry[]; issues: FieldIssue[] } {
  const entries: Entry[] = [];
  const issues: FieldIssue[] = [];
  for (const [index, body] of given.entries()) {
    const parsed = registration.safeParse(body);
    if (parsed.success) entries.push({ index, body: parsed.data, given: Object(body) as object });
    else issues.push(...under(index, issuesOf(parsed.error)));
  }
  return { entries, issues };
}

/** The registered jobs among the entries by id, locked in one order. */
async function lockRegistered({ tx, scope }: ScopedContext, entries: readonly Entry[]) {
  if (entries.length === 0) return new Map<string, JobRow>();
  const ids = entries.map(({ body }) => body.job_id);
  const rows = await tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.scope, scope.name), inArray(jobs.jobId, ids), isNull(jobs.deletedAt)))
    .orderBy(jobs.id)
    .for('no key update');
  return new Map<string, JobRow>(rows.map((row) => [row.jobId, row]));
}

function existsAlready({ index, body: { job_id } }: Entry): FieldIssue {
  return {
    path: ['jobs', index, 'job_id'],
    code: 'job_exists',
    message: `the job "${job_id}" is registered already: import with update to change it, or choose another id`,
    params: { job_id },
  };
}

function givenTwice({ index, body: { job_id } }: Entry): FieldIssue {
  return {
    path: ['jobs', index, 'job_id'],
    code: 'job_twice',
    message: `the job "${job_id}" stands in this import twice`,
    params: { job_id },
  };
}

/** What the import says of a registered job; one that it says nothing about stays paused or enabled as it is. */
async function wanted(context: ScopedContext, row: JobRow, entry: Entry): Promise<JobDefinition> {
  const definition = await registeredDefinition(context.tx, context.scope.name, entry.body);
  return 'enabled' in entry.given ? definition : { ...definition, enabled: row.enabled };
}

async function importOne(context: ScopedContext, row: JobRow | undefined, entry: Entry): Promise<Imported> {
  const before = row === undefined ? null : definitionOf(row);
  const after = row === undefined ? null : await wanted(context, row, entry);
  const job =
    row === undefined || after === null
      ? await createJob.run(context, { ...entry.body, depends_on: undefined, triggers: undefined })
      : await applyDefinition(context, row, after);
  const changes = before === null || after === null ? [] : compareDefinitions(before, after);
  return {
    job_id: job.job_id,
    action: before === null ? 'created' : changes.length > 0 ? 'changed' : 'unchanged',
    version: job.version,
    changes,
    enabled: job.enabled,
    time_zone: job.time_zone,
    next_due_at: job.next_due_at,
  };
}

/**
 * The edges, once every job is there: an entry may name one that comes after it. What jobs wait for goes first, for what
 * they start is added to it.
 */
async function wireAll(context: ScopedContext, entries: readonly Entry[]): Promise<FieldIssue[]> {
  const issues: FieldIssue[] = [];
  for (const field of ['depends_on', 'triggers'] as const) {
    for (const { index, body } of entries.filter((entry) => entry.body[field] !== undefined)) {
      try {
        const job = await fetchJob(context.tx, context.scope.name, body.job_id);
        await writeNeighbours(context, job, { [field]: body[field] });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        issues.push(...under(index, issuesOfProblem(error)));
      }
    }
  }
  return issues;
}

/** @throws Problem 400 `import_refused` with every issue of every entry under `jobs.<index>`. */
async function importAll(context: ScopedContext, asked: z.output<typeof input>): Promise<Imported[]> {
  const { entries, issues } = parseAll(asked.jobs);
  const registered = await lockRegistered(context, entries);
  await holdGraph(context.tx, context.scope.name);
  if (entries.some(({ body }) => namesNeighbours(body))) await lockGraph(context.tx, context.scope.name);
  const done: Imported[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    if (seen.has(entry.body.job_id)) {
      issues.push(givenTwice(entry));
      continue;
    }
    seen.add(entry.body.job_id);
    const row = registered.get(entry.body.job_id);
    if (row !== undefined && !asked.update) {
      issues.push(existsAlready(entry));
      continue;
    }
    try {
      done.push(await importOne(context, row, entry));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      issues.push(...under(entry.index, issuesOfProblem(error)));
    }
  }
  if (issues.length === 0) issues.push(...(await wireAll(context, entries)));
  if (issues.length === 0) return done;
  const detail = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Problem('invalid', 'import_refused', detail, { count: issues.length }, issues);
}

/** Thrown to undo a dry run's savepoint, with what it found. */
class Undo extends Error {
  readonly items: Imported[];
  constructor(items: Imported[]) {
    super('undone');
    this.items = items;
  }
}

const nothing = () => undefined;

async function rehearse(context: ScopedContext, asked: z.output<typeof input>): Promise<Imported[]> {
  try {
    return await context.tx.transaction(async (tx) => {
      throw new Undo(await importAll({ ...context, tx, audit: nothing, change: nothing }, asked));
    });
  } catch (error) {
    if (error instanceof Undo) return error.items;
    throw error;
  }
}

/**
 * Registers many jobs, or with `update` also changes those there are: all or none. An entry is a whole definition, so
 * what it leaves out takes its default; only whether a registered job is paused stays as it is unless it is named.
 * @throws Problem 400 `import_refused`.
 */
export const importJobs = scopedOperation({
  name: 'import_jobs',
  permission: 'jobs.edit',
  input,
  async run(context, asked) {
    const items = asked.dry_run ? await rehearse(context, asked) : await importAll(context, asked);
    return { dry_run: asked.dry_run, items };
  },
});
