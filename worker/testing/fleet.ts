import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { lives, startWorker, type WorkerProcess } from './processes.ts';

/** Draws numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Worker processes that are started again whenever they end, as their supervisor does. */
export interface Fleet extends AsyncDisposable {
  /** Pids of those that are up. */
  pids(): readonly number[];
  signal(pid: number, signal: NodeJS.Signals): void;
  /** Exit codes of those that ended by themselves; null for a signal. */
  readonly exits: readonly (number | null)[];
  /** Wakes whoever is stopped. */
  wakeAll(): void;
}

export async function startFleet(
  url: string,
  size: number,
  env: Record<string, string> = {},
  script?: string,
): Promise<Fleet> {
  const up = new Map<number, WorkerProcess>();
  const exits: (number | null)[] = [];
  const closing = new AbortController();

  async function keep(first: WorkerProcess): Promise<void> {
    let worker: WorkerProcess | null = first;
    while (worker !== null) {
      up.set(worker.pid, worker);
      if (closing.signal.aborted) await worker[Symbol.asyncDispose]();
      const code: number | null = await worker.exited;
      up.delete(worker.pid);
      exits.push(code);
      worker = await again();
    }
  }
  async function again(): Promise<WorkerProcess | null> {
    while (!closing.signal.aborted) {
      try {
        return await startWorker(url, env, script);
      } catch {
        // The database may be away.
        await wait(200);
      }
    }
    return null;
  }
  const first = await Promise.all(Array.from({ length: size }, () => startWorker(url, env, script)));
  const kept = first.map(keep);
  const signal = (pid: number, name: NodeJS.Signals) => {
    if (up.has(pid) && lives(pid)) up.get(pid)?.signal(name);
  };
  return {
    exits,
    pids: () => [...up.keys()],
    signal,
    wakeAll: () => [...up.keys()].forEach((pid) => signal(pid, 'SIGCONT')),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([...up.values()].map((worker) => worker[Symbol.asyncDispose]()));
      await Promise.all(kept);
    },
  };
}

/** Processes on this host whose environment holds a word: what attempts left behind. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(word);
      } catch {
        return false;
      }
    });
}
