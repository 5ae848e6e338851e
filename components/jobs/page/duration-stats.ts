import type { RunView } from '#domain/runs/view.ts';

/** One run on the chart of durations. */
export interface DurationPoint {
  readonly run_id: string;
  readonly scheduled_for: string;
  readonly state: RunView['state'];
  readonly attempt: number;
  readonly ms: number;
  readonly bad: boolean;
}

/** Ended runs that really ran, oldest first. */
export function durationPoints(runs: readonly RunView[]): readonly DurationPoint[] {
  return runs
    .flatMap((run) =>
      run.duration_ms === null || run.finished_at === null
        ? []
        : [
            {
              run_id: run.run_id,
              scheduled_for: run.scheduled_for,
              state: run.state,
              attempt: run.attempt,
              ms: run.duration_ms,
              bad: run.state !== 'succeeded',
            },
          ],
    )
    .toReversed();
}

/** The value below which a share (0 to 1) of the values lies, by nearest rank; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
