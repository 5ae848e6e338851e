import { Document } from 'yaml';
import { getJob, listJobs } from '#db/jobs/queries.ts';
import { type JobDefinition, jobFields } from '#domain/jobs/definition.ts';
import { writeCandle, writeSession } from '#domain/jobs/schedule-fields.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { type CommandContext, parseOptions } from './command.ts';
import { scopeFor, scopeOption } from './scope.ts';

/** What an import may leave out: the values that a new job has anyway. */
function defaultsOf(job: JobView): JobDefinition {
  return jobFields.parse({ task: job.task, queue: `${job.scope}.jobs.${job.job_id}` });
}

const edgeDefaults: Readonly<Record<string, unknown>> = {
  kind: 'gate',
  on: 'success',
  satisfied_by: 'latest',
  each: false,
};

/** Neighbours as a file writes them: an id alone where the rules are the usual ones. */
function neighbours(entries: readonly { readonly job_id: string }[]): unknown[] {
  return entries.map((entry) => {
    const kept = Object.entries(entry).filter(([name, value]) => edgeDefaults[name] !== value);
    return kept.length === 1 ? entry.job_id : Object.fromEntries(kept);
  });
}

/** A job as an import reads it: its id and what differs from a new job's; task, params and zone always. */
function entryOf(job: JobView): Record<string, unknown> {
  const definition = jobFields.parse(job);
  const defaults = defaultsOf(job);
  const always = new Set(['task', 'params', 'time_zone', 'enabled']);
  const kept = Object.entries(definition).filter(
    ([name, value]) =>
      always.has(name) || JSON.stringify(value) !== JSON.stringify(defaults[name as keyof JobDefinition]),
  );
  const { candle, session } = definition;
  return {
    job_id: job.job_id,
    ...Object.fromEntries(kept),
    ...(candle === null ? {} : { candle: writeCandle(candle) }),
    ...(session === null ? {} : { session: writeSession(session) }),
    ...(job.depends_on.length === 0 ? {} : { depends_on: neighbours(job.depends_on) }),
    ...(job.triggers.length === 0 ? {} : { triggers: neighbours(job.triggers) }),
  };
}

/** Prints the named jobs of a scope, or all, as a file for `import jobs`. */
export async function exportJobs(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
  const scope = await scopeFor(context, values.scope);
  const jobs: JobView[] = [];
  for (const id of positionals) jobs.push(await getJob(context.database(), scope, id));
  for (let cursor: string | undefined; positionals.length === 0;) {
    const page = await listJobs(context.database(), scope, { limit: 200, cursor });
    jobs.push(...page.items);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  if (jobs.length === 0) return context.say(`There are no jobs in ${scope}.`);
  const file = { jobs: jobs.map(entryOf) };
  if (values.json === true) return context.print(JSON.stringify(file, null, 2));
  context.print(new Document(file).toString({ lineWidth: 110 }).trimEnd());
}
