import { z } from 'zod';
import { isTimeZone } from '#domain/time/zone.ts';
import { minutesOf } from './day.ts';

/** A calendar's id, as jobs and paths name it. */
export const calendarId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'letters, digits, "_" and "-", at most 40');

/** Calendars that every scope has. `CRYPTO` never closes; its trading day starts at 00:00 UTC, 09:00 in Seoul. */
export const builtinCalendars = ['XKRX', 'CRYPTO'] as const;
export type BuiltinCalendar = (typeof builtinCalendars)[number];
export function isBuiltinCalendar(id: string): id is BuiltinCalendar {
  return builtinCalendars.some((known) => known === id);
}

const clockTime = z
  .string()
  .refine((text) => minutesOf(text) !== null, { error: 'a time of day, HH:MM', abort: true });

/** A day that is not as the calendar has it: closed, or open at other hours; what it leaves out stays as it was. */
export const calendarException = z
  .strictObject({
    closed: z.boolean().default(false),
    name: z.string().trim().max(100).default('').describe('Shown wherever the day is: `Typhoon`.'),
    open: clockTime.nullable().default(null).describe("HH:MM in the calendar's zone."),
    close: clockTime.nullable().default(null),
  })
  .refine((day) => !day.closed || (day.open === null && day.close === null), {
    path: ['closed'],
    error: 'a closed day has no hours',
    params: { code: 'exception_closed_hours' },
  })
  .refine((day) => day.closed || day.open !== null || day.close !== null || day.name !== '', {
    path: ['closed'],
    error: 'says nothing: close the day, name it or give its hours',
    params: { code: 'exception_empty' },
  });
export type CalendarException = z.output<typeof calendarException>;

const weekdaySession = z
  .strictObject({
    open: clockTime,
    close: clockTime.describe('Not later than `open`: on the next day.'),
    continuous_close: clockTime.nullable().default(null).describe('When the closing auction begins.'),
  })
  .nullable()
  .default(null);

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** A calendar of the desk's own: the same hours each week, and exceptions. */
export const calendarDefinition = z.strictObject({
  description: z.string().max(500).default(''),
  time_zone: z
    .string()
    .max(60)
    .refine(isTimeZone, { error: 'not an IANA time zone', params: { code: 'time_zone_unknown' } })
    .default('Asia/Seoul'),
  sessions: z
    .strictObject({
      mon: weekdaySession,
      tue: weekdaySession,
      wed: weekdaySession,
      thu: weekdaySession,
      fri: weekdaySession,
      sat: weekdaySession,
      sun: weekdaySession,
    })
    .refine((week) => weekdays.some((day) => week[day] !== null), {
      error: 'name the session of one weekday at least',
      params: { code: 'calendar_never_open' },
    })
    .describe('The hours of each weekday; a weekday left out is closed.'),
});
export type CalendarDefinition = z.output<typeof calendarDefinition>;
