import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { runState } from '#domain/runs/run.ts';
import { calendarDayView } from './view.ts';

/** Days counted at once. */
export const countedDaysMax = 62;

export const fireCount = z.object({
  count: z.number().int(),
  more: z.boolean().describe('At least `count`.'),
});

/** Runs of a trading day by state, and what its schedules still bring. */
export const dayCounts = z.object({
  date: z.iso.date(),
  runs: z.partialRecord(runState, z.number().int()).describe('States that occur.'),
  total: z.number().int(),
  planned: fireCount,
});
export type DayCounts = z.output<typeof dayCounts>;

export const calendarCounts = z.object({
  now: instantText.describe("The scope's time; nothing before it is planned."),
  today: z.iso.date().describe("The calendar's trading day of `now`."),
  jobs: z.number().int().describe('Jobs counted.'),
  items: z.array(dayCounts),
});
export type CalendarCounts = z.output<typeof calendarCounts>;

/** One job on one trading day. */
export const jobDay = z.object({
  job_id: z.string(),
  description: z.string(),
  runs: z.partialRecord(runState, z.number().int()),
  planned: fireCount,
  fires: z.array(instantText).describe('The first planned fires.'),
});
export type JobDay = z.output<typeof jobDay>;

export const dayJobs = z.object({
  date: z.iso.date(),
  jobs: z.array(jobDay).describe('Jobs with a run or a planned fire, by id.'),
});
export type DayJobs = z.output<typeof dayJobs>;

/** What a change of a day would do to one job. */
export const changedJob = z.object({
  job_id: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  next_before: instantText.nullable(),
  next_after: instantText.nullable(),
  fires_before: fireCount.describe('Of that day.'),
  fires_after: fireCount,
});
export type ChangedJob = z.output<typeof changedJob>;

/** What a change of a day would do: the day as it would be, and the jobs whose fires it moves. */
export const dayChange = z.object({
  before: calendarDayView,
  after: calendarDayView,
  changed: z.array(changedJob),
  unchanged: z.number().int().describe('Jobs on the calendar that stay as they are.'),
});
export type DayChange = z.output<typeof dayChange>;
