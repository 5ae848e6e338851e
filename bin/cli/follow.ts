import { setTimeout as sleep } from 'node:timers/promises';
import { getRun, readLogs } from '#db/runs/queries.ts';
import { openStates } from '#domain/runs/run.ts';
import type { LogLine, RunDetail } from '#domain/runs/view.ts';
import type { CommandContext } from './command.ts';
import { reasonText } from './text.ts';

const pollMs = 200;

export interface FollowOptions {
  /** Where the reading begins; 0: at the first line. */
  readonly after?: number;
  line(line: LogLine): void;
  /** Told each time the run moves; absent: nobody is. */
  moved?(run: RunDetail): void;
}

/** Whether the run is over, or waits for a person. */
function hasEnded(run: RunDetail): boolean {
  return !openStates.some((state) => state === run.state);
}

/** Hands over a run's log line by line until the run has ended, and returns it. Retries are part of the run. */
export async function followRun(
  { database }: CommandContext,
  scope: string,
  runId: string,
  { after = 0, line, moved }: FollowOptions,
): Promise<RunDetail> {
  let seq = after;
  let seen = '';
  for (;;) {
    const run = await getRun(database(), scope, runId);
    const at = JSON.stringify([run.state, run.attempt, run.reason]);
    if (at !== seen) moved?.(run);
    seen = at;
    for (let full = true; full;) {
      const page = await readLogs(database(), scope, runId, { after_seq: seq, limit: 1_000 });
      for (const item of page.items) line(item);
      seq = page.next_seq;
      full = page.items.length === 1_000;
    }
    if (hasEnded(run)) return run;
    await sleep(pollMs);
  }
}

/** `running: Started by …` */
export function stateText(run: Pick<RunDetail, 'state' | 'reason'>): string {
  return `${run.state}: ${reasonText(run.reason)}`;
}

/** 0 when the run succeeded; else 1, with the way it ended said on stderr. */
export function exitWith(run: RunDetail): void {
  if (run.state !== 'succeeded') process.exitCode = 1;
}
