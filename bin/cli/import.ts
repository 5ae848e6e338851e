import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { perform } from '#db/core/operation.ts';
import { type Imported, importJobs } from '#db/jobs/import.ts';
import { type FieldIssue, Problem } from '#domain/core/errors.ts';
import { type FileEntry, type FileProblem, readJobFile } from '#domain/jobs/job-file.ts';
import { type Command, type CommandContext, UsageError, parseOptions } from './command.ts';
import { columns } from './grants.ts';
import { candleUsage, importCandleFile } from './import-candles.ts';
import { scopeFor, scopeOption } from './scope.ts';
import { only, timeText } from './text.ts';

export const command: Command = {
  summary: 'Registers the jobs of a YAML or JSON file, or brings in the candles of a CSV or Parquet file.',
  usage: [
    'jobs FILE --scope SCOPE [--dry-run] [--update] [--json]   FILE - reads stdin',
    '  --dry-run   says what would be created and changed, and when each fires next; writes nothing',
    '  --update    changes jobs that are registered already to what the file says; else they are refused',
    ...candleUsage,
  ],
  async run(args, context) {
    const [what, ...rest] = args;
    if (what === 'jobs') return importFile(rest, context);
    if (what === 'candles') return importCandleFile(rest, context);
    throw new UsageError(
      what === undefined ? 'Import what? jobs FILE, or candles FILE' : `import has no "${what}".`,
    );
  },
};

/** npm runs us in the project's folder; the file is meant from where the person stands. */
async function contents(file: string): Promise<string> {
  try {
    return file === '-'
      ? await readAll(process.stdin)
      : await readFile(resolve(process.env['INIT_CWD'] ?? '', file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What stands at a refused field, shortly; nothing where it is absent or an object. */
function given(entry: FileEntry, path: FieldIssue['path']): string {
  const value = path.length === 0 ? undefined : entry.valueAt(path);
  if (value === undefined || (typeof value === 'object' && value !== null)) return '';
  const text = JSON.stringify(value);
  return `${text.length > 80 ? `${text.slice(0, 79)}…` : text}: `;
}

/** The operation's refusals, each at its line of the file. */
function located(problem: Problem, entries: readonly FileEntry[]): FileProblem[] {
  return problem.issues.map((issue) => {
    const [, index, ...path] = issue.path;
    const entry = entries[Number(index)];
    if (entry === undefined)
      return { line: 1, job_id: null, field: '', code: issue.code, message: issue.message };
    const exists = issue.code === 'job_exists';
    return {
      line: entry.lineOf(path),
      job_id: entry.job_id,
      field: exists ? '' : path.join('.'),
      code: issue.code,
      message: exists
        ? 'is registered already: choose another id, or add --update to change it to what the file says'
        : given(entry, path) + issue.message,
    };
  });
}

function problemText(file: string, { line, job_id, field, message }: FileProblem): string {
  return [
    `${file}:${line}`,
    ...(job_id === null ? [] : [job_id]),
    ...(field === '' ? [] : [field]),
    message,
  ].join(': ');
}

const shown = (value: unknown) => JSON.stringify(value) ?? 'nothing';

function itemText(items: readonly Imported[], entries: readonly FileEntry[], file: string): string {
  const rows = items.map((item) => [
    item.action,
    item.job_id,
    `${file}:${entries.find(({ job_id: id }) => id === item.job_id)?.line ?? 1}`,
    item.enabled ? `next ${timeText(item.next_due_at, item.time_zone)}` : 'paused',
  ]);
  const lines = columns(rows).split('\n');
  return items
    .flatMap((item, at) => [
      lines[at] ?? '',
      ...item.changes.map(({ field, before, after }) => `    ${field}: ${shown(before)} -> ${shown(after)}`),
    ])
    .join('\n');
}

function summary(items: readonly Imported[], scope: string, dryRun: boolean): string {
  const count = (action: Imported['action']) => items.filter((item) => item.action === action).length;
  const counts = `${count('created')} created, ${count('changed')} changed, ${count('unchanged')} unchanged`;
  return dryRun
    ? `Dry run in ${scope}: ${counts} if it were done. Nothing was written.`
    : `In ${scope}: ${counts}.`;
}

async function importFile(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    'dry-run': { type: 'boolean' },
    update: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const file = only(positionals, 'file');
  const { entries, problems } = readJobFile(await contents(file));
  const scope = await scopeFor(context, values.scope);
  const dryRun = values['dry-run'] === true;
  const refuse = (found: readonly FileProblem[]) => {
    const sorted = found.toSorted((a, b) => a.line - b.line);
    for (const problem of sorted) context.say(problemText(file, problem));
    context.say(`${sorted.length === 1 ? '1 problem' : `${sorted.length} problems`}: nothing was written.`);
    if (values.json === true)
      context.print(JSON.stringify({ dry_run: dryRun, items: [], problems: sorted }, null, 2));
    process.exitCode = 1;
  };
  // A file that breaks off says nothing of its fields; one that can be read has them all checked at once.
  if (entries.length === 0) return refuse(problems);
  const input = { jobs: entries.map(({ value }) => value), update: values.update === true };
  try {
    const checked = problems.length > 0 || dryRun;
    const { items } = await perform(context.database(), context.actor, importJobs, scope, {
      ...input,
      dry_run: checked,
    });
    if (problems.length > 0) return refuse(problems);
    if (values.json === true)
      return context.print(JSON.stringify({ dry_run: dryRun, items, problems: [] }, null, 2));
    context.print(itemText(items, entries, file));
    context.say(summary(items, scope, dryRun));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'import_refused') throw error;
    refuse([...problems, ...located(error, entries)]);
  }
}
