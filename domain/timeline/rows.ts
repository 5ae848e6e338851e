import { type ShownStatus, shownStatus } from '#domain/runs/run.ts';
import type { Span } from './scale.ts';
import type { TimelineJob, TimelineRun, TimelineView } from './view.ts';

/** What a run is drawn as. */
export type Outcome = ShownStatus | 'quarantined';
export const outcomes = [
  'waiting',
  'running',
  'succeeded',
  'retrying',
  'failed',
  'quarantined',
  'cancelled',
  'skipped',
] as const satisfies readonly Outcome[];

/** A run with its times in Unix milliseconds. */
export interface Bar {
  readonly run: TimelineRun;
  readonly outcome: Outcome;
  readonly scheduled: number;
  readonly queued: number;
  /** null: it has not started. */
  readonly start: number | null;
  /** null: it has not ended. */
  readonly end: number | null;
  /** Which of the row's lanes; runs of a job that overlap lie beside each other. */
  readonly lane: number;
}

/** Fires to come: one instant, or a band of many. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  /** 1 for a single fire. */
  readonly count: number;
  readonly more: boolean;
  readonly everyMs: number;
}

export interface JobRow {
  readonly job: TimelineJob;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
  readonly lanes: number;
  /** Of its first run, else its first planned fire; infinite for a row with nothing. */
  readonly first: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

export function outcomeOf({ state, failures }: Pick<TimelineRun, 'state' | 'failures'>): Outcome {
  return state === 'quarantined' ? state : shownStatus(state, failures);
}

/** Lanes drawn at most; further overlapping runs share the last. */
export const lanesMax = 3;

function withLanes(bars: readonly Omit<Bar, 'lane'>[]): { bars: Bar[]; lanes: number } {
  const ends: number[] = [];
  const placed = bars.map((bar): Bar => {
    if (bar.start === null) return { ...bar, lane: 0 };
    const { start } = bar;
    const free = ends.findIndex((end) => end <= start);
    const lane = free === -1 ? Math.min(ends.length, lanesMax - 1) : free;
    ends[lane] = Math.max(ends[lane] ?? 0, bar.end ?? Infinity);
    return { ...bar, lane };
  });
  return { bars: placed, lanes: Math.max(1, ends.length) };
}

const instant = (text: string | null) => (text === null ? null : Date.parse(text));

function barOf(run: TimelineRun): Omit<Bar, 'lane'> {
  const queued = Date.parse(run.queued_at);
  return {
    run,
    outcome: outcomeOf(run),
    scheduled: Date.parse(run.scheduled_for),
    queued,
    start: instant(run.started_at),
    end: instant(run.finished_at),
  };
}

function grouped<Item extends { readonly job: number }>(items: readonly Item[], jobs: number): Item[][] {
  const lists = Array.from({ length: jobs }, (): Item[] => []);
  for (const item of items) lists[item.job]?.push(item);
  return lists;
}

/** The rows of an answer, in its order of jobs. */
export function timelineRows(view: TimelineView): JobRow[] {
  const runs = grouped(view.runs, view.jobs.length);
  const plans = grouped(view.planned, view.jobs.length);
  return view.jobs.map((job, place) => {
    const { bars, lanes } = withLanes(
      (runs[place] ?? []).map(barOf).sort((a, b) => (a.start ?? a.queued) - (b.start ?? b.queued)),
    );
    const marks = (plans[place] ?? []).flatMap(({ fires, bands }): Mark[] => [
      ...fires.map((text) => {
        const at = Date.parse(text);
        return { from: at, to: at, count: 1, more: false, everyMs: 0 };
      }),
      ...bands.map((band) => ({
        from: Date.parse(band.from),
        to: Date.parse(band.to),
        count: band.count,
        more: band.more,
        everyMs: band.every_sec * 1_000,
      })),
    ]);
    marks.sort((a, b) => a.from - b.from);
    const counts: Partial<Record<Outcome, number>> = {};
    for (const { outcome } of bars) counts[outcome] = (counts[outcome] ?? 0) + 1;
    const [bar] = bars;
    const first = bar === undefined ? (marks[0]?.from ?? Infinity) : (bar.start ?? bar.queued);
    return { job, bars, marks, lanes, first, counts };
  });
}

/** What a bar covers, its wait included. @param now of the scope, for what has not ended. */
export function spanOf(bar: Bar, now: number): Span {
  const from = Math.min(bar.queued, bar.start ?? bar.queued);
  return { from, to: Math.max(from, bar.end ?? now) };
}

/** All that rows show in a range: for finding the stretches without anything. */
export function busySpans(rows: readonly JobRow[], now: number): Span[] {
  return rows.flatMap(({ bars, marks }) => [...bars.map((bar) => spanOf(bar, now)), ...marks]);
}

/** Whether anything of a row touches a view. */
export function isActive(row: JobRow, view: Span, now: number): boolean {
  return (
    row.bars.some((bar) => {
      const span = spanOf(bar, now);
      return span.to >= view.from && span.from <= view.to;
    }) || row.marks.some(({ from, to }) => to >= view.from && from <= view.to)
  );
}

export const sorts = ['group', 'first', 'name'] as const;
export type Sort = (typeof sorts)[number];

export interface RowFilter {
  readonly text: string;
  /** null: all. `''` names the jobs without a group. */
  readonly group: string | null;
  readonly outcome: Outcome | null;
  readonly sort: Sort;
}

export interface RowGroup {
  /** The resource group; null: none, or rows that are not grouped. */
  readonly name: string | null;
  readonly rows: readonly JobRow[];
}

const byFirst = (a: JobRow, b: JobRow) => {
  if (a.first === b.first) return a.job.job_id.localeCompare(b.job.job_id);
  return a.first < b.first ? -1 : 1;
};

/** The rows a filter lets through, in their groups: by resource group and first start, else one list. */
export function arrangeRows(rows: readonly JobRow[], filter: RowFilter): RowGroup[] {
  const text = filter.text.trim().toLowerCase();
  const kept = rows.filter(
    ({ job, counts }) =>
      (text === '' || `${job.job_id} ${job.description}`.toLowerCase().includes(text)) &&
      (filter.group === null || (job.resource_group ?? '') === filter.group) &&
      (filter.outcome === null || (counts[filter.outcome] ?? 0) > 0),
  );
  if (filter.sort !== 'group') {
    const order =
      filter.sort === 'first' ? byFirst : (a: JobRow, b: JobRow) => a.job.job_id.localeCompare(b.job.job_id);
    return kept.length === 0 ? [] : [{ name: null, rows: kept.toSorted(order) }];
  }
  const names = [...new Set(kept.map(({ job }) => job.resource_group))].sort((a, b) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : a.localeCompare(b),
  );
  return names.map((name) => ({
    name,
    rows: kept.filter(({ job }) => job.resource_group === name).sort(byFirst),
  }));
}
