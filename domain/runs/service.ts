import { z } from 'zod';
import { tickPoint } from '#domain/time/service-sessions.ts';
import type { RunReason } from './run.ts';
import { type Outcome, type RetryPolicy, type Settlement, settle } from './settle.ts';

/** What a service has done so far in its session, over all its attempts; times are scope time. */
export interface ServiceState {
  readonly intervalSec: number;
  readonly ticks: number;
  readonly failures: number;
  /** Failures since the last tick that succeeded. */
  readonly failing: number;
  /** Tick points that passed while the tick before was still under way. */
  readonly overruns: number;
  /** When the last tick began. */
  readonly lastTickAt: string | null;
  readonly lastOkAt: string | null;
  /** Of the last tick that failed. */
  readonly lastError: string | null;
  /** Wall time of the latest heartbeat. */
  readonly heartbeatAt: string | null;
}

/** Whole seconds between heartbeats of an attempt, at most. */
export const serviceBeatSec = 5;
/** A service whose heartbeat is older than this (wall time) no longer answers. */
export const serviceSilentSec = 20;
/** A session's last tick may go on for its own time limit, and be killed: an attempt that is still open this much later is stuck. */
export const serviceGraceSec = 15;
/** Fewer failing ticks in a row than this never end an attempt. */
const fewestFailing = 3;
/** An attempt that ticked well for so long starts the count of failures anew. */
export const healthyAfterSec = 30;

/** How many failing ticks in a row end an attempt. */
export function failingLimit(retryLimit: number): number {
  return Math.max(fewestFailing, retryLimit + 1);
}

export function newService(intervalSec: number): ServiceState {
  return {
    intervalSec,
    ticks: 0,
    failures: 0,
    failing: 0,
    overruns: 0,
    lastTickAt: null,
    lastOkAt: null,
    lastError: null,
    heartbeatAt: null,
  };
}

/** The counters after a tick. @param at when it began, scope time. @param error null: it succeeded. */
export function afterTick(
  state: ServiceState,
  at: Date,
  skipped: number,
  error: string | null,
): ServiceState {
  const time = at.toISOString();
  const counted = {
    ...state,
    ticks: state.ticks + 1,
    overruns: state.overruns + skipped,
    lastTickAt: time,
  };
  return error === null
    ? { ...counted, failing: 0, lastOkAt: time }
    : { ...counted, failures: state.failures + 1, failing: state.failing + 1, lastError: error };
}

export const serviceView = z.object({
  interval_seconds: z.number().int(),
  ticks: z.number().int(),
  failures: z.number().int(),
  failing: z.number().int().describe('Failing ticks since the last one that succeeded.'),
  overruns: z.number().int().describe('Ticks left out because the one before was still under way.'),
  last_tick_at: z.iso.datetime({ offset: true }).nullable(),
  last_ok_at: z.iso.datetime({ offset: true }).nullable(),
  last_error: z.string().nullable(),
  heartbeat_at: z.iso.datetime({ offset: true }).nullable().describe('Wall time.'),
  heartbeat_age_sec: z.number().nullable().describe('When this was read.'),
});
export type ServiceView = z.output<typeof serviceView>;

/** @param now wall time. */
export function viewOfService(state: ServiceState, now: Date): ServiceView {
  const beat = state.heartbeatAt;
  return {
    interval_seconds: state.intervalSec,
    ticks: state.ticks,
    failures: state.failures,
    failing: state.failing,
    overruns: state.overruns,
    last_tick_at: state.lastTickAt,
    last_ok_at: state.lastOkAt,
    last_error: state.lastError,
    heartbeat_at: beat,
    heartbeat_age_sec: beat === null ? null : Math.max(0, (now.getTime() - Date.parse(beat)) / 1_000),
  };
}

export type ServiceHealth = 'starting' | 'ok' | 'failing' | 'silent';

/** How a running service was when it was read: old data says nothing about its heartbeat, nor does the reader's clock. */
export function serviceHealth(service: ServiceView): ServiceHealth {
  if (service.heartbeat_age_sec === null) return 'starting';
  if (service.heartbeat_age_sec > serviceSilentSec) return 'silent';
  if (service.failing > 0) return 'failing';
  return service.ticks === 0 ? 'starting' : 'ok';
}

/** The tick that is next: on the grid of the run's nominal time; null past the session's end. */
export function upcomingTick(
  service: Pick<ServiceView, 'interval_seconds' | 'last_tick_at'>,
  scheduledFor: Date,
  until: Date,
): Date | null {
  if (service.last_tick_at === null) return null;
  const last = tickPoint(scheduledFor, service.interval_seconds, new Date(service.last_tick_at));
  const next = new Date(last.getTime() + service.interval_seconds * 1_000);
  return next < until ? next : null;
}

export interface ServiceEnd {
  readonly service: ServiceState;
  /** When the attempt began, when its session ends, and now: scope time. */
  readonly startedAt: Date;
  readonly until: Date;
  readonly now: Date;
}

const finished = ({ service }: ServiceEnd): RunReason => ({
  code: 'service_finished',
  params: { ticks: service.ticks, failures: service.failures, overruns: service.overruns },
});

function wasHealthy({ service, startedAt }: ServiceEnd): boolean {
  const ok = service.lastOkAt === null ? null : Date.parse(service.lastOkAt);
  return ok !== null && ok - startedAt.getTime() >= healthyAfterSec * 1_000;
}

/**
 * A lost process costs a service nothing: another goes on at once. Only one that is lost again and again soon after it
 * started waits between the tries, for it may be what ends them.
 */
function afterLoss(process: string, before: number, policy: RetryPolicy, end: ServiceEnd): Settlement {
  const reason: RunReason = { code: 'process_lost', params: { process } };
  if (wasHealthy(end)) return { state: 'ready', reason, failures: 0, delaySec: 0 };
  if (before < policy.retryLimit) return { state: 'ready', reason, failures: before + 1, delaySec: 0 };
  const delaySec = policy.retryMaxDelaySec;
  const params = {
    ...reason.params,
    cause: reason.code,
    failures: before,
    limit: policy.retryLimit,
    delay_sec: delaySec,
  };
  return { state: 'waiting', reason: { code: 'retry_wait', params }, failures: before, delaySec };
}

/**
 * What becomes of a service when an attempt ends. Until its session is over it is started again: after a lost process at
 * once, after failing ticks by the retry policy, whose count starts anew when the attempt had ticked well for a while.
 * A wait that would reach past the session's end is an end.
 * @param random a draw from [0, 1).
 */
export function settleService(
  outcome: Outcome,
  failuresBefore: number,
  policy: RetryPolicy,
  random: number,
  end: ServiceEnd,
): Settlement {
  const before = wasHealthy(end) ? 0 : failuresBefore;
  const over = end.now >= end.until;
  const done: Settlement = { state: 'succeeded', reason: finished(end), failures: before, delaySec: null };
  switch (outcome.kind) {
    case 'succeeded':
      return done;
    case 'cancelled':
      return settle(outcome, failuresBefore, policy, random);
    case 'handed_back':
      return over && end.service.ticks > 0 ? done : settle(outcome, before, policy, random);
    case 'lost':
      return over && end.service.ticks > 0
        ? done
        : endedBySession(afterLoss(outcome.process, before, policy, end), end);
    case 'lease_expired':
    case 'locked_out':
    case 'timed_out':
    case 'failed':
      return endedBySession(settle(outcome, before, policy, random), end);
  }
}

/** A retry that could not start before the session's end is none: the run has failed. */
function endedBySession(settlement: Settlement, end: ServiceEnd): Settlement {
  if (settlement.state !== 'waiting' || settlement.delaySec === null) return settlement;
  if (end.now.getTime() + settlement.delaySec * 1_000 < end.until.getTime()) return settlement;
  const { cause, ...params } = settlement.reason.params;
  const { ticks, failures } = end.service;
  return {
    state: 'failed',
    reason: {
      code: 'service_failed_at_end',
      params: { ...params, cause: cause ?? settlement.reason.code, ticks, failures },
    },
    failures: settlement.failures,
    delaySec: null,
  };
}
