import { z } from 'zod';

/**
 * What the row of a named lock and PostgreSQL's advisory lock say together.
 * - `free`, `held`: they agree.
 * - `row_only`: held by a run that is about to begin, by a consumer outside, or by something that is no run.
 * - `advisory_only`: the row is free, but a session outside holds the advisory lock.
 * - `disagree`: they cannot both be right.
 */
export const verdict = z.enum(['free', 'held', 'row_only', 'advisory_only', 'disagree']);
export type Verdict = z.output<typeof verdict>;

export interface RowSays {
  readonly held: boolean;
  /** State of the holding run; null when no run holds it, or its row is gone. */
  readonly runState: string | null;
  /** Whether a run is named as holder at all. */
  readonly byRun: boolean;
  /** The process of ours that executes the holding run. */
  readonly processId: string | null;
  /** How long that attempt has been running; null while none is. */
  readonly runningSec: number | null;
}

/** A session that holds the advisory lock; `processId` null: none of ours, or not to be seen from here. */
export interface AdvisorySays {
  readonly processId: string | null;
  readonly known: boolean;
}

/** Between an attempt's begin and its advisory lock lies one statement; longer than this it is missing. */
export const advisoryGraceSec = 5;

/** States in which a run may hold a lock. */
const holding = new Set(['dispatched', 'running']);

export function verdictOf(row: RowSays, sessions: readonly AdvisorySays[]): Verdict {
  if (!row.held) {
    if (sessions.length === 0) return 'free';
    return sessions.every((session) => session.processId !== null) ? 'disagree' : 'advisory_only';
  }
  if (row.byRun && (row.runState === null || !holding.has(row.runState))) return 'disagree';
  if (sessions.length === 0) {
    const missing = row.processId !== null && (row.runningSec ?? 0) > advisoryGraceSec;
    return missing ? 'disagree' : 'row_only';
  }
  const other = sessions.some((session) => session.known && session.processId !== row.processId);
  return other ? 'disagree' : 'held';
}
