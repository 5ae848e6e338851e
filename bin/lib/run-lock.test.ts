import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identity, isAlive } from './processes.mjs';
import { readRun, releaseRun, takeRun, updateRun } from './run-lock.mjs';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bellkeeper-lock-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('a second start is told who runs and where', () => {
  expect(takeRun(home, 'http://127.0.0.1:1')).toEqual({ left: null });
  expect(takeRun(home, 'http://127.0.0.1:2')).toMatchObject({ held: { address: 'http://127.0.0.1:1' } });
  releaseRun(home);
  expect(takeRun(home, 'http://127.0.0.1:2')).toEqual({ left: null });
});

test('what a killed start left is taken over and handed on', async () => {
  const child = spawn('sleep', ['60']);
  const dead = identity(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(dead)).toBe(false);
  const left = { owners: [dead], children: [{ name: 'web', ...dead }], address: 'http://127.0.0.1:1' };
  writeFileSync(join(home, 'run.json'), JSON.stringify(left));
  expect(takeRun(home, 'http://127.0.0.1:2')).toEqual({ left });
  expect(readRun(home)?.address).toBe('http://127.0.0.1:2');
  expect(readdirSync(home)).toEqual(['run.json']);
});

test('an id that went to another process does not count', () => {
  const reused = { pid: process.pid, start: 'another boot:1' };
  writeFileSync(join(home, 'run.json'), JSON.stringify({ owners: [reused], children: [], address: '' }));
  expect(takeRun(home, 'http://127.0.0.1:2')).toHaveProperty('left');
});

test('a torn file is no reason to stay down', () => {
  writeFileSync(join(home, 'run.json'), '{"owners": [');
  expect(takeRun(home, 'http://127.0.0.1:2')).toEqual({ left: null });
});

test('children are noted while it runs', () => {
  takeRun(home, 'http://127.0.0.1:1');
  updateRun(home, () => ({ children: [{ name: 'worker', ...identity() }] }));
  expect(readRun(home)).toMatchObject({
    address: 'http://127.0.0.1:1',
    children: [{ name: 'worker', pid: process.pid }],
  });
});
