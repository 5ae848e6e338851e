import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type PluginView, type TaskView, paramsSchema } from '#domain/jobs/plugins.ts';
import { type BuiltinTask, builtinTasks, taskParams } from '#domain/jobs/tasks.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { pluginTasks } from './schema.ts';

/** What a worker found in its plug-in folder. */
export interface PublishedPlugin {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Absolute path. */
  readonly file: string;
  readonly build: string;
  readonly problem: string | null;
}

/** Rows that no worker has confirmed for so long (seconds) are of a file that is gone everywhere. */
const staleSec = 120;

/**
 * Tells the others what this worker's folder holds, and confirms what was told before. Rows of the folder's own files
 * that say something else are taken back at once; rows of other folders when nobody confirms them any more.
 * @param seen every file this process has met, also those that are gone. @returns whether anything changed.
 */
export async function publishPlugins(
  db: Database,
  found: readonly PublishedPlugin[],
  seen: readonly string[],
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // One worker at a time: rows are written in no common order.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('bellkeeper.plugins'))`);
    const names = found.map(({ name }) => name);
    const removed = await tx.execute(sql`
      delete from plugin_tasks where name <> all(${sql.param(names)}::text[])
        and (file = any(${sql.param([...seen])}::text[]) or updated_at < clock_timestamp() - make_interval(secs => ${staleSec}))
      returning name`);
    let changed = removed.length > 0;
    for (const { name, description, schema, file, build, problem } of found) {
      const values = { description, paramsSchema: schema, file, build, problem };
      const [before] = await tx.select().from(pluginTasks).where(eq(pluginTasks.name, name));
      changed ||=
        before === undefined ||
        before.description !== description ||
        before.build !== build ||
        before.file !== file ||
        before.problem !== problem;
      await tx
        .insert(pluginTasks)
        .values({ name, ...values })
        .onConflictDoUpdate({
          target: pluginTasks.name,
          set: { ...values, updatedAt: sql`clock_timestamp()` },
        });
    }
    if (changed) await writeChanges(tx, [{ topic: 'engine', entity: 'plugins', scope: null }]);
    return changed;
  });
}

/** Every plug-in file that a worker told of, those that could not be loaded first. */
export async function listPlugins(q: Queryable): Promise<PluginView[]> {
  const rows = await q
    .select()
    .from(pluginTasks)
    .orderBy(sql`${pluginTasks.problem} is null`, asc(pluginTasks.name));
  return rows.map((row) => ({
    name: row.name,
    description: row.description,
    file: row.file,
    build: row.build,
    problem: row.problem,
    updated_at: row.updatedAt.toISOString(),
  }));
}

/** How many plug-in files could not be loaded. */
export async function refusedPlugins(q: Queryable): Promise<number> {
  return q.$count(pluginTasks, sql`${pluginTasks.problem} is not null`);
}

const builtinWords: Readonly<Record<BuiltinTask, string>> = {
  command: 'Runs a program with its arguments, without a shell.',
  http: 'Makes one request.',
  external: 'Runs are taken by consumers elsewhere.',
  trading_cycle: 'Lets the traders that are due look for candidates and enter.',
  position_management: 'Exits on the word of strategies, with the quantities that the broker says.',
  market_monitor: 'Quotes, orders, stops and each trader’s end of day; a service, every second.',
  flatten: 'The backstop: sells what is still held.',
  daily_settlement: 'Closes a trading day: equity and summaries.',
  daily_report: 'Writes the report of a trading day.',
  collect_candles: 'Fetches closed candles and notes the gaps.',
  system_check: 'Checks that all that a trading day needs is in order.',
};

function builtins(): TaskView[] {
  return builtinTasks.map((name) => ({
    name,
    kind: 'builtin',
    description: builtinWords[name],
    params_schema: paramsSchema.parse(z.toJSONSchema(taskParams[name], { io: 'input' })),
  }));
}

/** The tasks that a job can name: the built-in ones, then the plug-ins' by name. */
export async function listTasks(q: Queryable): Promise<TaskView[]> {
  const rows = await q
    .select()
    .from(pluginTasks)
    .where(isNull(pluginTasks.problem))
    .orderBy(asc(pluginTasks.name));
  return [
    ...builtins(),
    ...rows.map((row) => ({
      name: row.name,
      kind: 'plugin' as const,
      description: row.description,
      params_schema: paramsSchema.parse(row.paramsSchema),
    })),
  ];
}

/** The schema of a plug-in's parameters; null when no worker has told of a task of that name. */
export async function pluginParams(q: Queryable, task: string): Promise<z.ZodType | null> {
  const [row] = await q
    .select({ schema: pluginTasks.paramsSchema })
    .from(pluginTasks)
    .where(and(eq(pluginTasks.name, task), isNull(pluginTasks.problem)));
  return row === undefined ? null : z.fromJSONSchema(paramsSchema.parse(row.schema));
}
