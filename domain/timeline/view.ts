import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { runReason, runState, triggerSource } from '#domain/runs/run.ts';
import { calendarDayView } from '#domain/time/calendar/view.ts';

/** Runs answered at most, the newest; the console then asks for a shorter range. */
export const timelineRunsMax = 10_000;
/** A range is at most so long. */
export const timelineDaysMax = 8;

/** A row of the timeline; runs and planned fires name it by its place in the list. */
export const timelineJob = z.object({
  job_id: z.string(),
  description: z.string(),
  resource_group: z.string().nullable(),
  calendar: z.string().nullable(),
  time_zone: z.string(),
  enabled: z.boolean(),
  deleted: z.boolean().describe('The job is gone; its runs are not.'),
});
export type TimelineJob = z.output<typeof timelineJob>;

export const timelineRun = z.object({
  run_id: z.uuid(),
  job: z.number().int().describe('Place in `jobs`.'),
  state: runState,
  reason: runReason,
  attempt: z.number().int(),
  failures: z.number().int(),
  trigger_source: triggerSource,
  scheduled_for: instantText,
  queued_at: instantText,
  started_at: instantText.nullable(),
  finished_at: instantText.nullable(),
});
export type TimelineRun = z.output<typeof timelineRun>;

/** Many fires of one day in place of their instants. */
export const timelineBand = z.object({
  from: instantText.describe('The first of them.'),
  to: instantText.describe('The last of them.'),
  count: z.number().int(),
  more: z.boolean().describe('At least `count`.'),
  every_sec: z.number().describe('Their usual distance.'),
});
export type TimelineBand = z.output<typeof timelineBand>;

/** What comes by itself: instants, or a band for each day with more than `planned_max` of them. */
export const timelinePlan = z.object({
  job: z.number().int(),
  fires: z.array(instantText),
  bands: z.array(timelineBand),
});
export type TimelinePlan = z.output<typeof timelinePlan>;

export const timelineView = z.object({
  from: instantText,
  to: instantText,
  now: instantText.describe("The scope's time at which it was read."),
  jobs: z.array(timelineJob),
  runs: z
    .array(timelineRun)
    .describe('Runs queued before `to` that had not ended before `from`, oldest first.'),
  runs_capped: z
    .object({ limit: z.number().int(), since: instantText })
    .nullable()
    .describe('There are more: only the newest `limit`, from `since` on.'),
  planned: z.array(timelinePlan),
  planned_max: z.number().int().describe('Fires of a job and day listed one by one.'),
  calendar: z.string(),
  days: z.array(calendarDayView).describe("The calendar's days that touch the range."),
});
export type TimelineView = z.output<typeof timelineView>;
