import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { destroyServer } from './lib/postgres.mjs';
import { freePort } from './lib/ports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'bellkeeper-launch-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const bin = join(root, 'node_modules/.bin');
const env = {
  ...process.env,
  BELLKEEPER_HOME: home,
  PORT: String(port),
  DATABASE_URL: '',
  DATABASE_URL_WEB: '',
  DATABASE_URL_WORKER: '',
  BELLKEEPER_OWNER_EMAIL: 'owner@example.com',
  BELLKEEPER_OWNER_PASSWORD: 'launch-test-password',
};

/** Processes of this launch: they name its data folder in their arguments or their environment. */
function ours(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        const text =
          readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
        return text.includes(home) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
      } catch {
        return false;
      }
    });
}

async function until<T>(what: string, ask: () => Promise<T | null>, ms: number): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

function launch(more: Record<string, string> = {}): { child: ChildProcess; text: () => string } {
  const child = spawn('node', ['bin/start.mjs'], {
    cwd: root,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, text: () => text };
}
const healthy = () =>
  until('a healthy answer', async () => ((await fetch(`${base}/api/health`)).ok ? true : null), 280_000);

async function cli(...args: string[]): Promise<string> {
  const child = spawn(join(bin, 'node'), ['bin/cli.mjs', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'exit');
  return text.trim();
}

const runAnswer = z.object({ run_id: z.string(), state: z.string(), attempt: z.number() });
async function api(key: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${base}/api/v1/real${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as unknown };
}

afterAll(async () => {
  for (const pid of ours()) process.kill(pid, 'SIGKILL');
  await destroyServer(home);
  rmSync(home, { recursive: true, force: true });
});

test(
  'start, kill everything, start again: nothing is lost; Ctrl-C leaves nobody behind',
  { timeout: 600_000 },
  async () => {
    const first = launch();
    await healthy();
    const key = await cli('keys', 'create', '--role', 'operator', '--scope', 'real');
    expect(key).toMatch(/^bk_\S+$/);
    const made = await api(key, 'POST', '/jobs', {
      job_id: 'long',
      task: 'command',
      timeout_sec: 600,
      params: { argv: ['sleep', '300'] },
    });
    expect(made.status).toBe(201);
    const run = runAnswer.parse((await api(key, 'POST', '/jobs/long/run-now', {})).json);
    const state = async () => runAnswer.parse((await api(key, 'GET', `/runs/${run.run_id}`)).json);
    await until('the run', async () => ((await state()).state === 'running' ? true : null), 20_000);

    const gone = once(first.child, 'exit');
    for (const pid of ours()) process.kill(pid, 'SIGKILL');
    await gone;
    await until('every process gone', async () => (ours().length === 0 ? true : null), 10_000);

    const second = launch();
    await healthy();
    const again = await until(
      'the run again',
      async () => {
        const now = await state();
        return now.state === 'running' && now.attempt === 2 ? now : null;
      },
      60_000,
    );
    expect(again.run_id).toBe(run.run_id);

    const ended = once(second.child, 'exit');
    process.kill(second.child.pid ?? 0, 'SIGINT');
    process.kill(second.child.pid ?? 0, 'SIGINT');
    const [code] = (await ended) as [number | null];
    expect(code).toBe(0);
    expect(ours()).toEqual([]);
  },
);

test('a port that is taken is named, with the way out', { timeout: 60_000 }, async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { child, text } = launch({ PORT: String(address.port) });
  const [code] = (await once(child, 'exit')) as [number | null];
  server.close();
  expect(code).toBe(1);
  expect(text()).toContain(String(address.port));
  expect(text()).toContain('PORT=');
});
