#!/usr/bin/env node
// npm start: plain JavaScript for Node 20, before anything is installed. It checks, installs, and hands over to
// bin/supervise.mjs on Node 24; afterwards it stays as the guard that cleans up should that one be killed.
import { loadEnv } from './lib/env.mjs';
import { install, isInstalled } from './lib/install.mjs';
import { seeOff } from './lib/left-over.mjs';
import { ensureHome, homeOf, inRoot } from './lib/paths.mjs';
import { isFree, portOf } from './lib/ports.mjs';
import { stopServer } from './lib/postgres.mjs';
import { isAlive } from './lib/processes.mjs';
import { createProgress } from './lib/progress.mjs';
import { exitCodeOf, passSignals, runModern } from './lib/reexec.mjs';
import { readRun, releaseRun, takeRun } from './lib/run-lock.mjs';
import { StopError, report } from './lib/stop-error.mjs';

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 12)) {
    throw new StopError(
      `Node ${process.versions.node} is too old to start with: install Node 20.12 or newer (https://nodejs.org).`,
    );
  }
  if (process.platform === 'win32') {
    throw new StopError('Windows is served through WSL 2: run npm start inside it.');
  }
}

async function main() {
  checkMachine();
  loadEnv();
  const progress = createProgress();
  const home = homeOf(process.env);
  const host = process.env.HOST || '127.0.0.1';
  const port = portOf(process.env);
  const address = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  takeHome(home);
  const taken = takeRun(home, address);
  if (taken.held) throw new StopError(runningMessage(taken.held, home));
  try {
    await waitForLeftOvers(progress, taken.left);
    await checkPort(port, host);
    await installIfNeeded(progress);
  } catch (error) {
    releaseRun(home);
    throw error;
  }
  await superviseGuarded(progress, home);
}

function takeHome(home) {
  try {
    ensureHome(home);
  } catch (error) {
    throw new StopError(
      `The data folder ${home} cannot be made (${error.code}). Name another: BELLKEEPER_HOME=/path npm start`,
    );
  }
}

function runningMessage(record, home) {
  const [first] = record.owners.filter(isAlive);
  return [
    `Bellkeeper already runs with the data in ${home}: ${record.address} (process ${first.pid}).`,
    `Stop it with Ctrl-C in its terminal, or: kill ${first.pid}`,
    'For a second one beside it: BELLKEEPER_HOME=.bellkeeper-2 PORT=3001 npm start',
  ].join('\n');
}

async function waitForLeftOvers(progress, left) {
  const children = (left?.children ?? []).filter(isAlive);
  if (children.length > 0)
    await progress.step('Waiting for the last run, which was killed, to end', () => seeOff(children));
}

async function checkPort(port, host) {
  if (await isFree(port, host)) return;
  throw new StopError(
    `Port ${port} on ${host} is taken by another program. Choose another: PORT=${port === 65_535 ? 3001 : port + 1} npm start`,
  );
}

async function installIfNeeded(progress) {
  if (isInstalled()) return;
  const stop = new AbortController();
  const signals = passSignals(() =>
    stop.abort(new StopError('Stopped while installing; the next npm start goes on from here.')),
  );
  try {
    await progress.step('Installing packages', (note) => install(note, { signal: stop.signal }));
  } finally {
    signals.stop();
  }
}

/** Runs the supervisor; should it be killed, its children are seen off and PostgreSQL is stopped here. */
async function superviseGuarded(progress, home) {
  const supervisor = runModern(inRoot('bin/supervise.mjs'), [], { stdin: 'ignore' });
  const guard = watchNpm(() => process.kill(process.pid, 'SIGTERM'));
  const end = await supervisor.ended;
  clearInterval(guard);
  const left = readRun(home)?.children ?? [];
  if (end.signal !== null || left.some(isAlive)) {
    await progress.step('Cleaning up after a supervisor that was killed', async () => {
      await seeOff(left);
      if (!process.env.DATABASE_URL) await stopServer(home);
    });
  }
  releaseRun(home);
  process.exit(exitCodeOf(end));
}

/** When npm started us and is killed, nobody sends us a signal: its place as our parent tells. */
function watchNpm(gone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, 1000);
  return timer.unref();
}

main().catch((error) => {
  report(error);
  process.exit(1);
});
