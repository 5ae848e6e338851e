import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { attemptToken, type ProcessId, type RunId, runId } from '#domain/core/ids.ts';
import type { RunReason } from '#domain/runs/run.ts';
import { isUnavailable } from '#db/core/availability.ts';
import type { Database, RawClient } from '#db/core/client.ts';
import { type Claim, claimRun, noteChild, noteProgress } from '#db/engine/claim.ts';
import { endAttempt } from '#db/engine/settle.ts';
import { handBackStrays } from '#db/engine/strays.ts';
import { log } from '#worker/log.ts';
import { runNamedTask } from '#worker/tasks/registry.ts';
import type { TaskContext } from '#worker/tasks/task.ts';
import { startOf } from './child.ts';
import { type Hold, holdLocks, LockTakenOutside } from './hold.ts';
import { type LogSink, logSink } from './log-sink.ts';
import { asStorable, type Ended, outcomeOfError, outcomeOfStop, type Stop } from './outcome.ts';
import { tickAll } from './service.ts';

const bellPayload = z.object({ run_id: runId, dispatch: z.number().int() });

interface Active {
  readonly claim: Claim;
  stop(why: Stop): void;
}

export interface Executor {
  /** Answers one ring of graphile-worker; never throws, and the run's end is committed before it resolves. */
  answer(payload: unknown): Promise<void>;
  cancel(run: RunId): void;
  /** Tells services to stop after the tick under way, so that another process goes on with them. */
  handBackServices(): void;
  /** Tells every attempt to stop, so that its run goes back to be taken by another process. */
  handBack(): void;
  running(): readonly RunId[];
  /** Sends on the attempts that this process was given but knows nothing of. @throws the database's error. */
  handBackStrays(): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** A service that is to stop may end the tick under way for so long. */
const lastTickMs = 5_000;

const refusedEnd = 'the end of this attempt could not be stored';

/** Takes the attempt's locks, runs the task, and lets them go once it is dead; the answer is null when fenced. */
async function performLocked(
  claim: Claim,
  hold: () => Promise<Hold | null>,
  act: () => Promise<Ended | null>,
): Promise<Ended | null> {
  let held: Hold | null;
  try {
    held = await hold();
  } catch (error) {
    if (!(error instanceof LockTakenOutside)) return outcomeOfError(error);
    const reason: RunReason = {
      code: 'lock_taken_outside',
      params: { lock: error.lock, holder: error.holder },
    };
    return { outcome: { kind: 'locked_out', reason }, exitCode: null, error: error.message };
  }
  try {
    return await act();
  } finally {
    await held?.release();
  }
}

/** Runs the task; the answer is null when the attempt is no longer ours to end. */
async function perform(
  claim: Claim,
  context: TaskContext,
  service: Parameters<typeof tickAll>[1] | null,
  stopped: () => Stop | null,
): Promise<Ended | null> {
  try {
    // It may have been told to stop while it asked for its locks.
    if (service === null) context.signal.throwIfAborted();
    if (service !== null && !(await tickAll(context, service))) {
      const why = stopped();
      return why === null ? outcomeOfError('the service stopped by itself') : outcomeOfStop(why, claim);
    }
    const result = service === null ? await runNamedTask(claim.task, context) : {};
    const why = stopped();
    if (why?.kind === 'fenced') return null;
    const nextDelay = result.nextDelaySec === undefined ? {} : { nextDelaySec: result.nextDelaySec };
    return { outcome: { kind: 'succeeded', ...nextDelay }, exitCode: result.exitCode ?? null, error: null };
  } catch (error) {
    const why = stopped();
    return why === null ? outcomeOfError(error) : outcomeOfStop(why, claim);
  }
}

/**
 * Tries until it commits: a run's end must not be lost to a database that is away for a while.
 * @returns null when given up. @throws what no second try resolves.
 */
async function untilCommitted<T>(
  what: string,
  fields: object,
  act: () => Promise<T>,
  giveUp: () => boolean,
): Promise<T | null> {
  for (let delay = 100; !giveUp(); delay = Math.min(delay * 2, 2_000)) {
    try {
      return await act();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ ...fields, err: error }, `${what} failed; trying again`);
      await new Promise((resolve) => {
        setTimeout(resolve, delay);
      });
    }
  }
  return null;
}

/** Progress is written at most twice a second; the last word always is. */
function progressWriter(db: Database, claim: Claim) {
  let latest: Parameters<typeof noteProgress>[2] | null = null;
  let timer: NodeJS.Timeout | null = null;
  const write = () => {
    timer = null;
    const next = latest;
    latest = null;
    if (next !== null)
      noteProgress(db, claim, next).catch((error: unknown) =>
        log.warn({ run_id: claim.id, err: error }, 'progress not written'),
      );
  };
  return {
    note(done: number, total: number | null, text: string | null) {
      latest = { done, total, text };
      timer ??= setTimeout(write, 500);
    },
    flush() {
      if (timer !== null) clearTimeout(timer);
      write();
    },
  };
}

/**
 * Runs claimed attempts in this process.
 * @param onRoom called with a scope whose room became free.
 * @param lost says that this process has been declared lost: nothing more may be written.
 * @param connectLocks opens the connection that holds one attempt's advisory locks.
 */
export function createExecutor(
  db: Database,
  processId: ProcessId,
  onRoom: (scope: string) => void,
  lost: () => boolean,
  connectLocks: (onClose: () => void) => RawClient,
): Executor {
  const host = hostname();
  const active = new Map<RunId, Active>();
  /** Rings whose claim has not answered yet. */
  const claiming = new Map<RunId, number>();
  let whenIdle: (() => void)[] = [];

  const holds = (id: RunId) => active.has(id) || claiming.has(id);

  async function claimOf(bell: z.output<typeof bellPayload>): Promise<Claim | null> {
    const { run_id: id, dispatch } = bell;
    claiming.set(id, (claiming.get(id) ?? 0) + 1);
    try {
      const by = { processId, host, token: attemptToken.parse(randomUUID()) };
      return await claimRun(db, { runId: id, dispatch }, by);
    } finally {
      const others = (claiming.get(id) ?? 1) - 1;
      if (others === 0) claiming.delete(id);
      else claiming.set(id, others);
    }
  }

  function start(claim: Claim): {
    context: TaskContext;
    service: Parameters<typeof tickAll>[1] | null;
    sink: LogSink;
    hold: () => Promise<Hold | null>;
    stopped: () => Stop | null;
    finish: () => void;
  } {
    const aborter = new AbortController();
    let why: Stop | null = null;
    const noMore = new AbortController();
    let lastTick: NodeJS.Timeout | null = null;
    const service = claim.mode === 'service';
    const stop = (reason: Stop) => {
      const first = why === null;
      why ??= reason;
      const abort = () => aborter.abort(new Error(reason.kind));
      noMore.abort();
      const gentle = reason.kind === 'cancelled' || (reason.kind === 'handed_back' && first);
      const atOnce = !service || !gentle;
      if (atOnce) abort();
      else lastTick ??= setTimeout(abort, lastTickMs);
    };
    const sink = logSink(db, claim, () => stop({ kind: 'fenced' }));
    const progress = progressWriter(db, claim);
    // A service's time limit is that of each tick.
    const timeout = service ? null : setTimeout(() => stop({ kind: 'timed_out' }), claim.timeout_sec * 1_000);
    const lockTimeout =
      claim.locks.length === 0
        ? undefined
        : setTimeout(() => stop({ kind: 'lock_timeout' }), claim.lock_timeout_sec * 1_000);
    active.set(claim.id, { claim, stop });
    const context: TaskContext = {
      claim,
      signal: aborter.signal,
      log: (stream, line) => sink.write(stream, line),
      progress: (done, total, text) => progress.note(done, total, text),
      child: (pid) => noteChild(db, claim, { pid, start: startOf(pid) }),
    };
    return {
      context,
      service: service ? { db, noMore: noMore.signal, fenced: () => stop({ kind: 'fenced' }) } : null,
      sink,
      async hold() {
        if (claim.locks.length === 0) return null;
        return holdLocks(connectLocks, claim.scope_number, claim.locks, () => stop({ kind: 'lock_lost' }));
      },
      stopped: () => why,
      finish: () => {
        if (timeout !== null) clearTimeout(timeout);
        if (lastTick !== null) clearTimeout(lastTick);
        clearTimeout(lockTimeout);
        progress.flush();
      },
    };
  }

  /** Ends the attempt; an end that the database refuses becomes a plain failure, so that no run stays open. */
  async function commitEnd(claim: Claim, fields: object, ended: Ended) {
    const { id: runId, attempt, token } = claim;
    const end = (as: Ended) => () => endAttempt(db, `process:${host}`, { runId, attempt, token, ...as });
    try {
      return await untilCommitted('ending the attempt', fields, end(asStorable(ended)), lost);
    } catch (error) {
      log.fatal({ ...fields, err: error }, 'the end of the attempt was refused; it counts as failed');
    }
    return untilCommitted('ending the attempt', fields, end(outcomeOfError(refusedEnd)), lost);
  }

  async function run(claim: Claim): Promise<void> {
    const { context, service, sink, hold, stopped, finish } = start(claim);
    const fields = {
      run_id: claim.id,
      job_id: claim.job_id,
      scope: claim.scope,
      attempt: claim.attempt,
      trigger_source: claim.trigger_source,
      telemetry_label: claim.telemetry_label,
    };
    log.info(fields, 'attempt started');
    if (claim.attempt > 1) await sink.write('system', `attempt ${claim.attempt}`);
    const ended = await performLocked(claim, hold, () => perform(claim, context, service, stopped));
    finish();
    if (ended?.error !== null && ended !== null) await sink.write('system', ended.error);
    await untilCommitted('writing the log', fields, () => sink.close(), lost).catch((error: unknown) =>
      log.error({ ...fields, err: error }, 'the rest of the log is lost'),
    );
    if (ended !== null) {
      const result = await commitEnd(claim, fields, ended);
      log.info(
        { ...fields, outcome: ended.outcome.kind, result: result?.kind ?? 'lost', exit_code: ended.exitCode },
        'attempt ended',
      );
    } else log.warn(fields, 'attempt was fenced out');
  }

  return {
    async answer(payload) {
      const bell = bellPayload.safeParse(payload);
      if (!bell.success) {
        log.error({ payload }, 'a bell that names no run');
        return;
      }
      try {
        const claim = await claimOf(bell.data);
        if (claim === null) return;
        try {
          await run(claim);
        } finally {
          active.delete(claim.id);
          onRoom(claim.scope);
          if (active.size === 0) {
            for (const resolve of whenIdle) resolve();
            whenIdle = [];
          }
        }
      } catch (error) {
        log.error(
          { ...bell.data, err: error },
          'a run could not be claimed or ended; the leader will see to it',
        );
      }
    },
    cancel(run) {
      active
        .get(run)
        ?.stop({ kind: 'cancelled', reason: { code: 'cancel_requested', params: { actor: 'system' } } });
    },
    handBackServices() {
      for (const { claim, stop } of active.values())
        if (claim.mode === 'service') stop({ kind: 'handed_back' });
    },
    handBack() {
      for (const entry of active.values()) entry.stop({ kind: 'handed_back' });
    },
    running: () => [...active.keys()],
    async handBackStrays() {
      for (const scope of await handBackStrays(db, { processId, host }, holds)) {
        log.warn({ scope }, 'an attempt that this process knew nothing of was handed back');
        onRoom(scope);
      }
    },
    idle: () =>
      active.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            whenIdle.push(resolve);
          }),
  };
}
