/** Runs in a worker thread of its own: describes one plug-in file, or runs its task once. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Failure, type PluginContext, type PluginResult, type PluginTask, isTask } from './api.ts';
import type { FromThread, ThreadOrder, ToThread } from './messages.ts';

const order = workerData as ThreadOrder;
const port = parentPort;
if (port === null) throw new Error('This file runs in a thread only.');
const send = (message: FromThread) => port.postMessage(message);

const api = new URL('./api.ts', import.meta.url).href;
const folder = `${pathToFileURL(order.folder).href}/`;

// A folder without a package.json would have its format guessed, with a warning each time.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'bellkeeper') return { url: api, format: 'module-typescript', shortCircuit: true };
    const found = next(specifier, context);
    const own = found.url.startsWith(folder) && !found.url.includes('/node_modules/');
    return own && /\.m?ts$/.test(found.url) ? { ...found, format: 'module-typescript' } : found;
  },
});

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws Error with what is wrong with the file. */
async function load(): Promise<PluginTask> {
  const module: unknown = await import(pathToFileURL(order.file).href);
  const value =
    typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (!isTask(value)) throw new Error("it has no default export made with task({ … }) of 'bellkeeper'");
  if (!/^[a-z][a-z0-9_-]{0,99}$/.test(value.name))
    throw new Error(
      `its name ${JSON.stringify(value.name)} must be lower-case letters, digits, "_" and "-", starting with a letter, at most 100`,
    );
  if (typeof value.run !== 'function') throw new Error('it has no run function');
  return value;
}

function schemaOf({ params }: PluginTask): z.ZodType {
  if (params instanceof z.ZodType) return params;
  if (typeof params !== 'object' || params === null) throw new Error('params is no schema');
  return z.fromJSONSchema({ ...params });
}

/** The parameters' JSON Schema, as the console will check with it. @throws Error for what it cannot say. */
function published(task: PluginTask): Record<string, unknown> {
  try {
    const schema = z.toJSONSchema(schemaOf(task), { io: 'input' });
    if (schema.type !== 'object') throw new Error('it must describe an object');
    const plain = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
    z.fromJSONSchema(plain);
    return plain;
  } catch (error) {
    throw new Error(`params cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

async function describe(): Promise<void> {
  const task = await load();
  send({ kind: 'described', name: task.name, description: task.description, schema: published(task) });
}

function contextOf(run: PluginContext['run']): PluginContext {
  const stopping = new AbortController();
  const waiting = new Map<number, () => void>();
  let lines = 0;
  port?.on('message', (message: ToThread) => {
    if (message.kind === 'stop') stopping.abort(new Error(message.why));
    else {
      waiting.get(message.at)?.();
      waiting.delete(message.at);
    }
  });
  return {
    run,
    signal: stopping.signal,
    log(line, stream = 'stdout') {
      lines += 1;
      const at = lines;
      send({ kind: 'log', at, stream, line: format('%s', line) });
      return new Promise((resolve) => waiting.set(at, resolve));
    },
    progress: (done, total = null, text = null) => send({ kind: 'progress', done, total, text }),
  };
}

/** What was written with console.log leaves the thread before its end is told. */
async function flush(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
}

function delayOf(result: PluginResult | void): number | null {
  const delay = typeof result === 'object' ? result.next_delay_sec : undefined;
  if (delay === undefined) return null;
  if (typeof delay === 'number' && delay >= 0 && delay <= 366 * 86_400) return delay;
  throw new Failure(`next_delay_sec is ${JSON.stringify(delay)}: seconds from 0 to a year`);
}

async function runOnce(asked: Extract<ThreadOrder, { kind: 'run' }>): Promise<void> {
  const task = await load();
  if (task.name !== asked.name)
    throw new Failure(`${asked.file} now exports the task "${task.name}" instead of "${asked.name}"`);
  const parsed = schemaOf(task).safeParse(asked.params);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const field = ['params', ...(first?.path.map(String) ?? [])].join('.');
    return send({ kind: 'invalid', field, message: first?.message ?? 'refused' });
  }
  const result = await task.run(contextOf(asked.run), parsed.data as never);
  const next_delay_sec = delayOf(result);
  await flush();
  send({ kind: 'done', next_delay_sec });
}

try {
  await (order.kind === 'describe' ? describe() : runOnce(order));
} catch (error) {
  if (order.kind === 'describe') send({ kind: 'refused', message: messageOf(error) });
  else {
    await flush();
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    const retry = error instanceof Failure ? error.retry : true;
    send({ kind: 'failed', message: messageOf(error), stack, retry });
  }
}
