#!/usr/bin/env node
// npm test: everything, on a machine with nothing but Node 20. `npm test -- unit` (or lint, db, launch, e2e) runs a part.
// The last line is `N passed, N failed`; a check such as the type check counts as one.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, isBuilt } from './lib/build.mjs';
import { findChromium } from './lib/chromium.mjs';
import { add, none, playwrightCounts, vitestCounts } from './lib/counts.mjs';
import { install, isInstalled } from './lib/install.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { freePort } from './lib/ports.mjs';
import { signalGroup, until } from './lib/processes.mjs';
import { createProgress } from './lib/progress.mjs';
import { childEnv, modernNode, passSignals } from './lib/reexec.mjs';
import { StopError } from './lib/stop-error.mjs';

const progress = createProgress();
const stop = new AbortController();
/** Groups of processes to end with us. */
const running = new Set();
const scratch = mkdtempSync(join(tmpdir(), 'bellkeeper-report-'));

const toolEnv = { ...process.env, PATH: `${inRoot('node_modules/.bin')}${delimiter}${process.env.PATH}` };
if (!process.stdout.isTTY) Object.assign(toolEnv, { NO_COLOR: '1', FORCE_COLOR: '0' });

const suites = { lint, unit, db, launch, build: buildCheck, e2e };

/** Runs one tool of node_modules with its output shown; its exit code. */
function tool(name, args, env = {}) {
  return new Promise((resolve, reject) => {
    stop.signal.throwIfAborted();
    const child = spawn(inRoot('node_modules/.bin', name), args, {
      cwd: root,
      detached: true,
      env: { ...toolEnv, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    running.add(child.pid);
    child.once('error', reject);
    child.once('exit', (code) => {
      running.delete(child.pid);
      resolve(code ?? 1);
    });
  });
}

/** One check: passed or failed. */
async function check(title, work) {
  const begin = performance.now();
  const code = await work();
  progress.say(`${code === 0 ? '✓' : '✗'} ${title} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

async function lint() {
  let counts = add(none, await check('lint', () => tool('oxlint', ['--type-aware'])));
  counts = add(
    counts,
    await check('format', () => tool('prettier', ['--check', '--log-level', 'warn', '.'])),
  );
  return add(counts, await check('types', () => tool('tsc', ['--noEmit'])));
}

async function vitest(project, env = {}) {
  const file = join(scratch, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await tool('vitest', ['run', '--project', project, ...reporters], env);
  return vitestCounts(readReport(file), code);
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function unit() {
  return vitest('unit');
}

async function db() {
  if (process.env.TEST_DATABASE_URL) return vitest('db');
  const server = await ownServer();
  try {
    return await vitest('db', { TEST_DATABASE_URL: server.url });
  } finally {
    await server.end();
  }
}

async function launch() {
  return existsSync(inRoot('bin/start.launch.test.ts')) ? vitest('launch') : none;
}

/** A process of ours that ends when we do, whatever ends us. */
function companion(args, env) {
  const child = spawn(modernNode(), args, {
    cwd: root,
    detached: true,
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  child.stdio[3].on('error', () => undefined);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const end = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { lines, ended, end };
}

async function ownServer() {
  const home = join(tmpdir(), `bellkeeper-test-${randomBytes(4).toString('hex')}`);
  const { lines, ended, end } = companion(['bin/lib/test-server.mjs', home], process.env);
  const first = new Promise((resolve) => lines.once('line', resolve));
  const line = await Promise.race([first, ended.then(() => null)]);
  if (line === null) throw new StopError('No PostgreSQL for the tests.');
  return { url: JSON.parse(line).url, end };
}

async function buildCheck() {
  if (isBuilt()) return { ...none, passed: 1 };
  const hooks = { signal: stop.signal };
  return check('build', () =>
    progress
      .step('Building the web part', (note) => build(note, hooks))
      .then(() => 0)
      .catch((error) => (progress.say(error.message), 1)),
  );
}

async function e2e() {
  if (!existsSync(inRoot('playwright.config.ts'))) return none;
  const app = await startApp();
  const file = join(scratch, 'e2e.json');
  try {
    const env = { ...app.env, CHROMIUM_PATH: findChromium(), PLAYWRIGHT_JSON_OUTPUT_FILE: file };
    const code = await tool('playwright', ['test', '--reporter=list,json'], env);
    return playwrightCounts(readReport(file), code);
  } finally {
    await app.end();
  }
}

/** The real launcher with a data folder of its own: what the browser tests talk to. */
async function startApp() {
  const home = join(tmpdir(), `bellkeeper-e2e-${randomBytes(4).toString('hex')}`);
  const port = await freePort();
  const owner = { email: 'owner@example.com', password: randomBytes(12).toString('base64url') };
  const env = {
    ...withoutDatabase(process.env),
    BELLKEEPER_HOME: home,
    PORT: String(port),
    HOST: '127.0.0.1',
    BELLKEEPER_URL: `http://127.0.0.1:${port}`,
    BELLKEEPER_OWNER_EMAIL: owner.email,
    BELLKEEPER_OWNER_PASSWORD: owner.password,
  };
  const { lines, ended, end } = companion(['bin/start.mjs'], env);
  let ready = false;
  let over = false;
  lines.on('line', (line) => {
    ready ||= line.includes('is ready at');
    progress.say(`  ${line}`);
  });
  void ended.then(() => (over = true));
  const clean = async () => {
    await end();
    const { destroyServer } = await import('./lib/postgres.mjs');
    await destroyServer(home);
    rmSync(home, { recursive: true, force: true });
  };
  if (!(await until(() => ready || over, 300_000)) || over) {
    await clean();
    throw new StopError('The application did not start for the browser tests.');
  }
  return {
    env: {
      E2E_URL: env.BELLKEEPER_URL,
      E2E_HOME: home,
      E2E_EMAIL: owner.email,
      E2E_PASSWORD: owner.password,
    },
    end: clean,
  };
}

/** The environment without the variables that would lead a launcher of ours to a person's own database. */
function withoutDatabase(env) {
  const rest = { ...env };
  for (const name of ['DATABASE_URL', 'DATABASE_URL_WEB', 'DATABASE_URL_WORKER']) rest[name] = '';
  return rest;
}

async function main(names) {
  const unknown = names.find((name) => !Object.hasOwn(suites, name));
  if (unknown !== undefined)
    throw new StopError(`There is no part "${unknown}". Parts: ${Object.keys(suites).join(', ')}.`);
  if (!isInstalled())
    await progress.step('Installing packages', (note) => install(note, { signal: stop.signal }));
  const wanted = names.length > 0 ? names : Object.keys(suites);
  let sums = none;
  const lines = [];
  for (const name of wanted) {
    progress.say(`\n— ${name}`);
    const begin = performance.now();
    const counts = await suites[name]().catch((error) => {
      progress.say(error instanceof StopError ? error.message : String(error?.stack ?? error));
      return { ...none, failed: 1 };
    });
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    lines.push(
      `${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${((performance.now() - begin) / 1000).toFixed(0)} s)`,
    );
    sums = add(sums, counts);
    if (stop.signal.aborted) break;
  }
  progress.say(`\n${lines.join('\n')}`);
  return sums;
}

passSignals(() => {
  stop.abort(new StopError('Stopped.'));
  for (const pid of running) signalGroup(pid, 'SIGTERM');
});
let sums;
try {
  sums = await main(process.argv.slice(2));
} catch (error) {
  progress.say(error instanceof StopError ? error.message : String(error?.stack ?? error));
  sums = { ...none, failed: 1 };
}
rmSync(scratch, { recursive: true, force: true });
if (stop.signal.aborted) sums = add(sums, { ...none, failed: sums.failed === 0 ? 1 : 0 });
process.exitCode = sums.failed > 0 ? 1 : 0;
progress.say(`${sums.passed} passed, ${sums.failed} failed`);
