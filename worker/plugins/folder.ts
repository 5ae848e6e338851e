import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#db/core/client.ts';
import { type PublishedPlugin, publishPlugins } from '#db/jobs/plugins.ts';
import { builtinTasks } from '#domain/jobs/tasks.ts';
import { log } from '#worker/log.ts';
import { type Described, describeFile } from './describe.ts';
import type { PluginFile } from './run.ts';

const lookMs = 2_000;
/** What is published is confirmed this often, so that others can tell it from what is gone. */
const confirmMs = 30_000;

interface Known {
  readonly file: string;
  readonly build: string;
  readonly described: Described;
}

export interface PluginFolder {
  /** The file of a task that is loaded; null when none is. */
  find(task: string): PluginFile | null;
  /** Resolves when watching has ended. */
  readonly ended: Promise<void>;
}

/** The plug-in files of a folder: its own TypeScript and JavaScript, except tests, types and `_helpers`. */
export async function pluginFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /^[^._].*\.(?:m?ts|m?js)$/.test(entry.name))
    .filter(({ name }) => !/\.(?:test|spec|d)\.m?[tj]s$/.test(name) && !/\.config\.m?[tj]s$/.test(name))
    .map(({ name }) => join(folder, name))
    .sort();
}

const nothing = { description: '', schema: {} };

function refused({ file, build }: Known, problem: string): PublishedPlugin {
  return { ...nothing, name: basename(file), file, build, problem };
}

/** What each file amounts to: a task by a name of its own, or the problem. A name given twice is nobody's. */
export function settle(known: readonly Known[]): PublishedPlugin[] {
  return known.map((entry) => {
    const { file, build, described } = entry;
    if (described.kind === 'refused') return refused(entry, described.message);
    const { name, description, schema } = described;
    if (builtinTasks.some((builtin) => builtin === name))
      return refused(entry, `its task "${name}" has the name of a built-in one: rename it`);
    const others = known.filter(
      (other) => other !== entry && other.described.kind === 'task' && other.described.name === name,
    );
    if (others.length > 0) {
      const files = others.map((other) => basename(other.file)).join(', ');
      return refused(entry, `its task "${name}" is also in ${files}: rename one; neither is loaded`);
    }
    return { name, description, schema, file, build, problem: null };
  });
}

/** Describes the files that changed since the last look. */
async function look(folder: string, before: ReadonlyMap<string, Known>): Promise<Map<string, Known>> {
  const found = new Map<string, Known>();
  for (const file of await pluginFiles(folder)) {
    const contents = await readFile(file).catch(() => null);
    if (contents === null) continue;
    const build = createHash('sha256').update(contents).digest('hex').slice(0, 12);
    const known = before.get(file);
    found.set(
      file,
      known?.build === build ? known : { file, build, described: await describeFile(folder, file) },
    );
  }
  return found;
}

interface OpenOptions {
  readonly db: Database;
  readonly folder: string;
  /** Whether a person named the folder: then it must be there. */
  readonly named: boolean;
  readonly signal: AbortSignal;
}

/**
 * Loads the plug-ins of a folder, publishes them, and watches it: a file that is added, changed or removed counts
 * within seconds. Never throws for what is wrong with a file: it is published as that file's problem.
 */
export async function openPlugins({ db, folder: given, named, signal }: OpenOptions): Promise<PluginFolder> {
  const folder = resolve(given);
  const seen = new Set<string>();
  let known = new Map<string, Known>();
  let tasks = new Map<string, PluginFile>();
  let published = '';
  let confirmedAt = -Infinity;

  const refresh = async () => {
    const there = await stat(folder).catch(() => null);
    known = there?.isDirectory() === true ? await look(folder, known) : new Map();
    const missing: PublishedPlugin[] =
      there === null && named
        ? [
            {
              ...nothing,
              name: folder,
              file: folder,
              build: '',
              problem: `BELLKEEPER_PLUGINS names the folder ${folder}, which is not there`,
            },
          ]
        : [];
    const found = [...settle([...known.values()]), ...missing];
    for (const file of [folder, ...known.keys()]) seen.add(file);
    tasks = new Map(
      found.flatMap(({ name, file, problem }) => (problem === null ? [[name, { name, folder, file }]] : [])),
    );
    const state = JSON.stringify(found);
    if (state === published && performance.now() - confirmedAt < confirmMs) return;
    if (state !== published)
      for (const { name, file, build, problem } of found) {
        if (problem === null) log.info({ task: name, file, build }, 'plug-in loaded');
        else log.error({ file, problem }, 'plug-in refused');
      }
    await publishPlugins(db, found, [...seen]);
    published = state;
    confirmedAt = performance.now();
  };
  const tried = () =>
    refresh().catch((error: unknown) => log.warn({ err: error, folder }, 'plug-ins not read or published'));

  await tried();
  const watch = async () => {
    while (!signal.aborted) {
      await delay(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await tried();
    }
  };
  return { find: (task) => tasks.get(task) ?? null, ended: watch() };
}
