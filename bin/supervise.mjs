// The supervisor, on Node 24: database, migrations, build, owner, web and worker; and their orderly end.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build, isBuilt } from './lib/build.mjs';
import { KeptProcess } from './lib/children.mjs';
import { command } from './lib/command.mjs';
import { checkServer, databaseUrls, prepareDatabase } from './lib/database.mjs';
import { loadEnv } from './lib/env.mjs';
import { whenParentGone } from './lib/parent.mjs';
import { ensureHome, homeOf, root } from './lib/paths.mjs';
import { portOf } from './lib/ports.mjs';
import { startServer, stopServer } from './lib/postgres.mjs';
import { identity, isAlive } from './lib/processes.mjs';
import { createProgress } from './lib/progress.mjs';
import { childEnv, passSignals } from './lib/reexec.mjs';
import { releaseRun, updateRun } from './lib/run-lock.mjs';
import { password, secretsOf, writePrivate } from './lib/secrets.mjs';
import { checkSettings } from './lib/settings.mjs';
import { StopError, report } from './lib/stop-error.mjs';

const startedAt = performance.now();
const progress = createProgress();
const stop = new AbortController();
const hurry = new AbortController();

loadEnv();
const home = ensureHome(homeOf(process.env));
const host = process.env.HOST || '127.0.0.1';
const port = portOf(process.env);
const external = Boolean(process.env.DATABASE_URL);
const reachable = `http://${['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
const address = process.env.BELLKEEPER_URL || reachable;

/** Children by role, as `run.json` tells them to whoever cleans up after a kill. */
const kept = [];
const passing = new Map();
let server = null;

function noteChildren() {
  const running = kept
    .filter((child) => child.pid !== null)
    .map((child) => ({ name: child.name, ...identity(child.pid) }));
  updateRun(home, () => ({ children: [...running, ...passing.values()] }));
}

/** Options for a command of the way up: stopped with us, and known to whoever cleans up. */
const hooks = {
  signal: stop.signal,
  onStart: (pid) => (passing.set(pid, { name: 'command', ...identity(pid) }), noteChildren()),
  onEnd: (pid) => (passing.delete(pid), noteChildren()),
};

function requestStop(reason) {
  if (!stop.signal.aborted) stop.abort(new StopError(reason));
  else if (!hurry.signal.aborted) {
    progress.say('Hurrying: what still runs is handed back and retried at the next start.');
    hurry.abort();
  }
}

async function main() {
  updateRun(home, (record) => ({ owners: [...record.owners, identity()] }));
  passSignals(() => requestStop('Stopped before it was up.'));
  whenParentGone(() => requestStop('Stopped: the starting process ended.'));
  try {
    await checkSettings(process.env);
    const urls = await openDatabase();
    const env = environment(urls);
    await progress.step('Bringing the database up to date', () => runSelf('migrate', env));
    if (!isBuilt()) await progress.step('Building the web part', (note) => build(note, hooks));
    await createOwner(env);
    startChildren(env, urls);
    await progress.step('Starting web and worker', waitUntilHealthy);
    await announce(env);
    watchServer();
    // Ctrl-C may have come while the address was printed: an abort that is past sends no event.
    if (!stop.signal.aborted)
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
  } catch (error) {
    if (!stop.signal.aborted) report(error);
    else process.exitCode = 130;
  }
  await shutDown();
}

async function openDatabase() {
  if (external) {
    await progress.step('Connecting to PostgreSQL', () => checkServer(process.env.DATABASE_URL));
    return databaseUrls(process.env, home);
  }
  await progress.step('Starting PostgreSQL', async (note) => {
    server = await startServer(home, { note });
    if (server.adopted) note('adopted the running one');
    await prepareDatabase(server.urls.admin, secretsOf(home));
  });
  stop.signal.throwIfAborted();
  return databaseUrls(process.env, home);
}

function environment(urls) {
  const secretFile = join(home, 'secret');
  if (!process.env.BELLKEEPER_SECRET && !existsSync(secretFile)) writePrivate(secretFile, `${password()}\n`);
  return {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    BELLKEEPER_HOME: home,
    BELLKEEPER_SECRET: process.env.BELLKEEPER_SECRET || readFileSync(secretFile, 'utf8').trim(),
    HOST: host,
    PORT: String(port),
    DATABASE_URL: urls.DATABASE_URL,
  };
}

function runSelf(name, env, args = []) {
  const script = name === 'migrate' ? ['bin/run.mjs', 'migrate'] : ['bin/cli.mjs', name, ...args];
  return command(process.execPath, script, { cwd: root, env, what: name, ...hooks });
}

async function createOwner(env) {
  if (!process.env.BELLKEEPER_OWNER_EMAIL) return;
  await progress.step(`Owner ${process.env.BELLKEEPER_OWNER_EMAIL}`, () =>
    runSelf('owner', env, ['--if-missing']),
  );
}

/** The web process gets no URL but its own, the worker no URL but its own: neither can act as the tables' owner. */
function startChildren(env, urls) {
  const { DATABASE_URL: _owner, BELLKEEPER_OWNER_PASSWORD: _password, ...rest } = env;
  const specs = [
    {
      name: 'web',
      graceMs: 5_000,
      own: { DATABASE_URL_WEB: urls.DATABASE_URL_WEB, DATABASE_URL_WORKER: '' },
    },
    {
      name: 'worker',
      graceMs: 30_000,
      own: { DATABASE_URL_WORKER: urls.DATABASE_URL_WORKER, DATABASE_URL_WEB: '', WORKER_LANE: 'live' },
    },
    {
      name: 'lab',
      command: 'worker',
      graceMs: 30_000,
      own: { DATABASE_URL_WORKER: urls.DATABASE_URL_WORKER, DATABASE_URL_WEB: '', WORKER_LANE: 'lab' },
    },
  ];
  for (const { name, command = name, graceMs, own } of specs) {
    const log = join(home, 'logs', `${name}.log`);
    const file = process.execPath;
    const args = ['bin/run.mjs', command];
    const child = new KeptProcess(
      { name, file, args, cwd: root, log, graceMs, env: childEnv({ ...rest, ...own }) },
      progress.say,
      noteChildren,
    );
    kept.push(child);
    child.start();
  }
  setInterval(() => kept.forEach((child) => child.trimLog()), 60_000).unref();
}

async function waitUntilHealthy(note) {
  const end = performance.now() + 120_000;
  for (;;) {
    stop.signal.throwIfAborted();
    try {
      const answer = await fetch(`${reachable}/api/health`, { signal: AbortSignal.timeout(5000) });
      if (answer.status === 200) return;
      note(`/api/health says ${answer.status}: ${(await answer.text()).slice(0, 100)}`);
    } catch {
      note('waiting for the web process to answer');
    }
    const broken = kept.find((child) => child.crashes >= 3);
    if (broken !== undefined)
      throw new StopError(`${broken.name} does not start. The end of its log:\n${broken.logTail(15)}`);
    if (performance.now() > end) {
      throw new StopError(
        `Not healthy after two minutes.\n${kept.map((child) => `${child.name}:\n${child.logTail(8)}`).join('\n')}`,
      );
    }
    await delay(100);
  }
}

async function announce(env) {
  const link = (
    await runSelf('setup-link', env, ['--if-needed']).catch((error) => `(no set-up link: ${error.message})`)
  ).trim();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const lines = ['', `Bellkeeper is ready at ${address}  (up in ${seconds} s)`];
  if (link !== '') lines.push('', 'Create the owner with this link; it works once:', `  ${link}`);
  if (env.BELLKEEPER_COMPAT)
    lines.push('', `Without a key, from this machine only: ${env.BELLKEEPER_COMPAT} (docs/compat.md)`);
  lines.push('', `Data and logs: ${home}`, 'Ctrl-C stops it.', '');
  progress.say(lines.join('\n'));
}

/** PostgreSQL is no child of ours (it must outlive us until it is stopped in order), so it is watched by its id. */
function watchServer() {
  if (server === null) return;
  let known = identity(server.pid);
  let starting = false;
  const look = async () => {
    if (starting || stop.signal.aborted || isAlive(known)) return;
    starting = true;
    try {
      progress.say('PostgreSQL ended by itself; starting it again.');
      server = await startServer(home);
      known = identity(server.pid);
    } catch (error) {
      report(error);
      await delay(5000);
    } finally {
      starting = false;
    }
  };
  setInterval(() => void look(), 1000).unref();
}

/** No new work, runs finish or are handed back; then web; PostgreSQL last, so that every end state is committed. */
async function shutDown() {
  if (!stop.signal.aborted) stop.abort();
  const [web, ...workers] = kept;
  if (workers.length > 0) {
    await progress.step('Stopping the workers: runs finish or are handed back (Ctrl-C again hurries)', () =>
      Promise.all(workers.map((worker) => worker.stop(hurry.signal))),
    );
    await progress.step('Stopping web', () => web.stop(hurry.signal));
  }
  if (!external) await progress.step('Stopping PostgreSQL', () => stopServer(home));
  releaseRun(home);
  process.exit();
}

main().catch((error) => {
  report(error);
  process.exit(1);
});
