import { setTimeout as sleep } from 'node:timers/promises';
import {
  afterTick,
  failingLimit,
  newService,
  serviceBeatSec,
  type ServiceState,
} from '#domain/runs/service.ts';
import { nextTick } from '#domain/time/service-sessions.ts';
import { isUnavailable } from '#db/core/availability.ts';
import type { Database } from '#db/core/client.ts';
import { beatService } from '#db/engine/services.ts';
import { log } from '#worker/log.ts';
import { runNamedTask } from '#worker/tasks/registry.ts';
import { type TaskContext, TaskFailure } from '#worker/tasks/task.ts';
import { tickLog } from './tick-log.ts';

/** Heartbeats are looked at this often; counters are written as often when there are new ones. */
const beatMs = 1_000;
/** Those who look on are told of ticks that change nothing this often. */
const announceMs = 2_000;
/** A process that was not heard for so long asks whether the service is still its own before it ticks again. */
const freshMs = 4_000;
const retryMs = 200;
/** Tasks that say something at every tick. */
const talkative = new Set(['http']);

interface Service {
  readonly db: Database;
  /** Aborts when no further tick is to begin. */
  readonly noMore: AbortSignal;
  /** To be called when the attempt is over or another's. */
  readonly fenced: () => void;
}

/** Time that has passed, by the clock that moves more: one stands still while the machine sleeps, the other can be set. */
function stopwatch(): () => number {
  const [wall, mono] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - mono);
}

/** The heartbeat of an attempt: writes the counters, and keeps scope time and the session's end. */
function heart(context: TaskContext, { db, fenced }: Service, first: ServiceState, until: Date) {
  const { claim } = context;
  let state = first;
  let end = until;
  let anchor = { scope: claim.started_at.getTime(), mono: performance.now() };
  let since = stopwatch();
  let sinceTold = stopwatch();
  let written: ServiceState | null = null;
  let writing: Promise<boolean> | null = null;
  let over = false;

  async function write(): Promise<boolean> {
    const sent = state;
    const news = written === null || sent.failing > 0 !== written.failing > 0;
    const announce = news || (sent !== written && sinceTold() >= announceMs);
    const begun = stopwatch();
    const beat = await beatService(db, claim, sent, announce);
    if (beat === null) {
      over = true;
      fenced();
      return false;
    }
    anchor = { scope: beat.now.getTime(), mono: performance.now() };
    end = beat.until;
    written = sent;
    since = begun;
    if (announce) sinceTold = stopwatch();
    return true;
  }
  /** @returns whether the attempt is still ours. @throws the database's error. */
  function beat(): Promise<boolean> {
    if (over) return Promise.resolve(false);
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  }
  const timer = setInterval(() => {
    if (state === written && since() < serviceBeatSec * 1_000) return;
    beat().catch((error: unknown) =>
      log.warn({ run_id: claim.id, err: error }, 'service heartbeat not written'),
    );
  }, beatMs);

  return {
    state: () => state,
    set(next: ServiceState) {
      state = next;
    },
    now: () => new Date(anchor.scope + performance.now() - anchor.mono),
    until: () => end,
    /** Whether the attempt is ours; asks again until the database answers, when it has not been heard for long. */
    async ours(signal: AbortSignal): Promise<boolean> {
      while (since() > freshMs && !signal.aborted) {
        try {
          if (!(await beat())) return false;
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          await pause(retryMs, signal);
        }
      }
      return !over && !signal.aborted;
    },
    /** The last word; lost when the database is away. */
    async close(): Promise<void> {
      clearInterval(timer);
      try {
        await writing;
        if (state !== written) await beat();
      } catch (error) {
        log.warn({ run_id: claim.id, err: error }, 'last counters of a service not written');
      }
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** How a tick ended; null when it was stopped with its attempt. */
async function tickOnce(
  context: TaskContext,
  number: number,
  at: Date,
): Promise<{ error: TaskFailure | Error | null } | null> {
  const { claim, signal } = context;
  const aborter = new AbortController();
  const stop = () => aborter.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    aborter.abort(new Error('timed out'));
  }, claim.timeout_sec * 1_000);
  try {
    await runNamedTask(claim.task, { ...context, signal: aborter.signal, tick: { number, at } });
    return { error: null };
  } catch (error) {
    if (signal.aborted) return null;
    if (timedOut) return { error: timeoutOf(claim.timeout_sec) };
    return { error: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function timeoutOf(timeoutSec: number): TaskFailure {
  return new TaskFailure(`timed out after ${timeoutSec} s`, {
    code: 'timed_out',
    params: { timeout_sec: timeoutSec },
  });
}

/** @throws TaskFailure when this failure ends the attempt. */
function judge(error: Error, streak: number, retryLimit: number): void {
  if (error instanceof TaskFailure && !error.retryable) throw error;
  if (streak < failingLimit(retryLimit)) return;
  throw failing(streak, error.message);
}

function failing(streak: number, message: string): TaskFailure {
  return new TaskFailure(`${streak} ticks in a row failed; the last: ${message}`, {
    code: 'service_failing',
    params: { failing: streak, message },
  });
}

/**
 * Runs the task at each point of the session's grid until the session ends. A tick that takes longer leaves out the
 * points it covers. No tick begins in a process that may have been declared lost.
 * @returns true when the session is over; false when it was stopped before.
 * @throws TaskFailure when too many ticks failed in a row, when one must not be repeated, or when none ever succeeded.
 */
export async function tickAll(context: TaskContext, service: Service): Promise<boolean> {
  const { claim, signal } = context;
  const { interval_sec: seconds, service_until: until } = claim;
  if (seconds === null || until === null)
    throw new TaskFailure(
      'the job has no interval any more',
      { code: 'task_error', params: { message: 'no interval' } },
      { retryable: false },
    );
  const grid = { start: claim.scheduled_for, seconds };
  const pulse = heart(
    context,
    service,
    { ...(claim.service ?? newService(seconds)), intervalSec: seconds },
    until,
  );
  let streak = 0;
  let busyUntil: Date | null = null;
  try {
    while (!service.noMore.aborted) {
      const { lastTickAt } = pulse.state();
      const last = lastTickAt === null ? null : new Date(lastTickAt);
      const now = pulse.now();
      if (now >= pulse.until()) return finish(pulse.state());
      const next = nextTick(grid, last, now, pulse.until());
      const wait = (next?.point ?? pulse.until()).getTime() - now.getTime();
      if (wait > 0) {
        await pause(Math.min(Math.ceil(wait), beatMs), service.noMore);
        continue;
      }
      if (next === null || !(await pulse.ours(service.noMore))) continue;
      const before = pulse.state();
      // The clock may have been put back meanwhile: a point is ticked once.
      const begun = new Date(Math.max(pulse.now().getTime(), next.point.getTime()));
      const number = before.ticks + 1;
      const lines = tickLog(context.log, number, talkative.has(claim.task));
      const ended = await tickOnce({ ...context, log: lines.log }, number, next.point);
      if (ended === null) break;
      const overran =
        busyUntil !== null && busyUntil.getTime() >= next.point.getTime() - next.skipped * seconds * 1_000;
      busyUntil = pulse.now();
      const error = ended.error === null ? null : ended.error.message;
      pulse.set(afterTick(before, begun, overran ? next.skipped : 0, error));
      await lines.end(error, before.failing);
      streak = error === null ? 0 : streak + 1;
      if (ended.error !== null) judge(ended.error, streak, claim.retry_limit);
      if (signal.aborted) break;
    }
    return false;
  } finally {
    await pulse.close();
  }
}

/** A session in which nothing ever succeeded has not been served. */
function finish({ ticks, failures, lastOkAt, lastError }: ServiceState): true {
  if (ticks > 0 && lastOkAt === null) throw failing(failures, lastError ?? '');
  return true;
}
