import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { edge } from '#domain/dependencies/edge.ts';
import { registration } from '#domain/jobs/definition.ts';
import { deskEdges, deskJobs, type TemplateLanguage } from '#domain/template/desk.ts';
import { templateInstall, type TemplateView } from '#domain/template/view.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { describeSchedule } from '#domain/time/words.ts';
import { notFound } from '#domain/core/errors.ts';
import { calendarOf } from '#db/calendars/load.ts';
import { wake } from '#db/core/changes.ts';
import type { Queryable } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { edgesOf } from '#db/dependencies/edges.ts';
import { createJob } from '#db/jobs/create.ts';
import { jobs } from '#db/jobs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';
import { simulatedMarkets } from '#db/simulated/schema.ts';

const templateEdges = z.array(edge).parse(deskEdges());

/** Those of the template's jobs that a scope has. */
export async function existingJobs(q: Queryable, scope: string): Promise<ReadonlySet<string>> {
  const ids = deskJobs('en').map((job) => registration.parse(job).job_id);
  const rows = await q
    .select({ jobId: jobs.jobId })
    .from(jobs)
    .where(and(eq(jobs.scope, scope), inArray(jobs.jobId, ids), isNull(jobs.deletedAt)));
  return new Set(rows.map((row) => row.jobId));
}

/** What the template would add to a scope. @throws Problem 404 for an unknown scope. */
export async function deskTemplate(
  q: Queryable,
  scope: string,
  language: TemplateLanguage,
): Promise<TemplateView> {
  const [row] = await q
    .select({ state: scopes.template, kind: scopes.kind, market: simulatedMarkets.scope })
    .from(scopes)
    .leftJoin(simulatedMarkets, eq(simulatedMarkets.scope, scopes.name))
    .where(eq(scopes.name, scope));
  if (row === undefined) throw notFound('scope', scope);
  const there = await existingJobs(q, scope);
  const list: TemplateView['jobs'] = [];
  for (const body of deskJobs(language)) {
    const job = registration.parse(body);
    const calendar = await calendarOf(q, scope, job.calendar);
    const definition = { ...job, time_zone: job.time_zone ?? 'Asia/Seoul', schedule_anchor: new Date(0) };
    const schedule = scheduleOf(definition, calendar);
    list.push({
      job_id: job.job_id,
      description: job.description,
      schedule: { ko: describeSchedule(schedule, 'ko'), en: describeSchedule(schedule, 'en') },
      waits_for: templateEdges
        .filter((one) => one.downstream === job.job_id)
        .map((one): string => one.upstream),
      exists: there.has(job.job_id),
    });
  }
  const simulation = row.kind === 'real' ? null : row.market === null ? 'offered' : 'running';
  return { state: row.state, simulation, jobs: list };
}

/** Notes what became of the template. */
export async function markTemplate(context: ScopedContext, state: TemplateView['state']): Promise<void> {
  const { tx, scope } = context;
  const [before] = await tx
    .select({ state: scopes.template })
    .from(scopes)
    .where(eq(scopes.name, scope.name));
  await tx.update(scopes).set({ template: state }).where(eq(scopes.name, scope.name));
  context.audit({
    entityType: 'desk_template',
    entityId: scope.name,
    before: before?.state ?? null,
    after: state,
  });
  context.change('jobs', '*');
}

/** Adds those of the template's edges that are not there yet. */
export async function wireTemplate(
  context: ScopedContext,
  links: ReturnType<typeof deskEdges>,
): Promise<void> {
  const edges = await edgesOf(context.tx, context.scope.name);
  const added = z
    .array(edge)
    .parse(links)
    .filter((one) => !edges.some((it) => it.upstream === one.upstream && it.downstream === one.downstream));
  if (added.length > 0) await editGraph.run(context, { edges: [...edges, ...added] });
}

/** Adds the desk template's jobs that are not there yet, all paused, and the edges between them. */
export const installTemplate = scopedOperation({
  name: 'install_desk_template',
  permission: 'jobs.edit',
  input: templateInstall,
  async run(context, { language }): Promise<TemplateView> {
    const { tx, scope } = context;
    await markTemplate(context, 'installed');
    const there = await existingJobs(tx, scope.name);
    for (const body of deskJobs(language)) {
      const job = registration.parse(body);
      if (!there.has(job.job_id)) await createJob.run(context, job);
    }
    await wireTemplate(context, deskEdges());
    await wake(tx);
    return deskTemplate(tx, scope.name, language);
  },
});

/** The template is not offered any more; it can still be installed. */
export const dismissTemplate = scopedOperation({
  name: 'dismiss_desk_template',
  permission: 'jobs.edit',
  input: z.strictObject({}),
  async run(context): Promise<TemplateView> {
    await markTemplate(context, 'dismissed');
    return deskTemplate(context.tx, context.scope.name, 'en');
  },
});
