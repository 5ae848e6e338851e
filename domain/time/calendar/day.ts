/** Calendar dates as whole days since 1970-01-01, which is how calendars count and cache them. */
export type DayNumber = number;

export const dayMs = 86_400_000;

/** @throws RangeError for text that is no date of the form YYYY-MM-DD. */
export function dayNumber(date: string): DayNumber {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(at)) throw new RangeError(`"${date}" is not a date`);
  return at / dayMs;
}

export function dateText(day: DayNumber): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function yearOf(day: DayNumber): number {
  return new Date(day * dayMs).getUTCFullYear();
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

export const isWeekend = (day: DayNumber) => weekdayOf(day) % 6 === 0;

/** `HH:MM` (up to `24:00`) as minutes since midnight; null for anything else. */
export function minutesOf(text: string): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1_440 ? minutes : null;
}

export function minutesText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
