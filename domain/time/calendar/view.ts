import { z } from 'zod';
import { type CalendarDay } from './calendar.ts';
import { calendarDefinition, calendarException } from './definition.ts';
import { phaseNames } from './plan.ts';

const instantText = z.iso.datetime({ offset: true });
const name = z.object({ en: z.string(), ko: z.string() });

const base = {
  date: z.iso.date().describe('The trading day.'),
  source: z.enum(['table', 'rule', 'exception']).describe('Where the day comes from.'),
  projected: z.boolean().describe("Beyond the table: by today's law."),
  exception: calendarException.nullable().describe('What somebody entered for the day.'),
  entered: z
    .object({ by: z.string(), at: instantText })
    .nullable()
    .describe('Who entered the exception, and when.'),
};

/** A day of a calendar as the API answers it. */
export const calendarDayView = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    ...base,
    open: instantText,
    continuous_close: instantText,
    close: instantText,
    phases: z.array(z.object({ name: z.enum(phaseNames), start: instantText, end: instantText })),
    name: name.nullable().describe('Why the hours are not the usual ones.'),
  }),
  z.object({
    kind: z.literal('closed'),
    ...base,
    name,
    weekly: z.boolean().describe('Closed on this weekday every week.'),
  }),
]);
export type CalendarDayView = z.output<typeof calendarDayView>;

export const calendarView = z.object({
  id: z.string(),
  time_zone: z.string(),
  builtin: z.boolean(),
  version: z.number().int().nullable(),
  definition: calendarDefinition.nullable().describe('Null for `XKRX` and `CRYPTO`.'),
});
export type CalendarView = z.output<typeof calendarView>;

/**
 * @param exception the one of that date, null when there is none.
 * @param entered who entered it, and when.
 */
export function dayView(
  day: CalendarDay,
  exception: z.output<typeof calendarException> | null,
  entered: CalendarDayView['entered'],
): CalendarDayView {
  if (day.kind === 'closed') return { ...day, exception, entered };
  return {
    ...day,
    exception,
    entered,
    open: day.open.toISOString(),
    continuous_close: day.continuous_close.toISOString(),
    close: day.close.toISOString(),
    phases: day.phases.map((phase) => ({
      name: phase.name,
      start: phase.start.toISOString(),
      end: phase.end.toISOString(),
    })),
  };
}
