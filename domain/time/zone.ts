/** The time zone a desk in Korea means when it names none. */
export const defaultZone = 'Asia/Seoul';

/** Wall-clock time in some zone; `month` is 1 to 12. */
export interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Only names that Intl accepted get here, so the map is bounded by the zones there are.
  formats.set(zone, format);
  return format;
}

/** Whether this is an IANA time zone by name; bare offsets such as `+09:00` are not. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,59}$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The wall clock of `zone` at an instant. @throws RangeError for an unknown zone or an invalid date. */
export function wallOf(at: Date, zone: string): Wall {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** The instant at which a clock in UTC shows this wall time. */
export function wallAsUtc(wall: Wall): Date {
  return new Date(Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second));
}

/** Zones whose clock has not changed since 1988: no look-up per instant. Milliseconds ahead of UTC, null for the others. */
export function fixedOffset(zone: string): number | null {
  if (zone === 'Asia/Seoul') return 9 * 3_600_000;
  return zone === 'UTC' ? 0 : null;
}

/** What the zone's clock is ahead of UTC at an instant, in milliseconds. */
export function offsetMs(at: Date, zone: string): number {
  const whole = Math.floor(at.getTime() / 1_000) * 1_000;
  return wallAsUtc(wallOf(new Date(whole), zone)).getTime() - whole;
}

/** The instants at which the zone's clock shows this wall time: none in a gap, two in a doubled hour. */
export function instantsOf(wall: Wall, zone: string): Date[] {
  const asUtc = wallAsUtc(wall).getTime();
  const day = 86_400_000;
  const offsets = new Set([offsetMs(new Date(asUtc - day), zone), offsetMs(new Date(asUtc + day), zone)]);
  return [...offsets]
    .map((offset) => new Date(asUtc - offset))
    .filter((at) => at.getTime() + offsetMs(at, zone) === asUtc)
    .sort((a, b) => a.getTime() - b.getTime());
}

/** A change of a zone's clock: at `at` it jumps from one offset to another (milliseconds ahead of UTC). */
export interface ClockChange {
  readonly at: Date;
  readonly before: number;
  readonly after: number;
}

function changeBetween(low: number, high: number, zone: string): ClockChange {
  const before = offsetMs(new Date(low), zone);
  let [from, to] = [low, high];
  while (to - from > 1_000) {
    const middle = from + Math.floor((to - from) / 2_000) * 1_000;
    if (offsetMs(new Date(middle), zone) === before) from = middle;
    else to = middle;
  }
  return { at: new Date(to), before, after: offsetMs(new Date(to), zone) };
}

/** The zone's clock changes in (from, to], oldest first. Two within 14 days of each other may hide one another. */
export function clockChanges(zone: string, from: Date, to: Date): ClockChange[] {
  const step = 14 * 86_400_000;
  const end = Math.floor(to.getTime() / 1_000) * 1_000;
  const changes: ClockChange[] = [];
  for (let low = Math.floor(from.getTime() / 1_000) * 1_000; low < end; low += step) {
    const high = Math.min(low + step, end);
    if (offsetMs(new Date(low), zone) !== offsetMs(new Date(high), zone))
      changes.push(changeBetween(low, high, zone));
  }
  return changes;
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** How much of an instant is written; `time` is without the date. */
export type InstantStyle = 'date' | 'minute' | 'second' | 'millis' | 'time';

/** The zone's wall clock as `2026-11-20 08:30:05`: sorts, aligns in tables and reads the same in every language. */
export function formatInZone(at: Date, zone: string, style: InstantStyle = 'second'): string {
  const wall = wallOf(at, zone);
  const date = `${pad(wall.year, 4)}-${pad(wall.month)}-${pad(wall.day)}`;
  const minute = `${pad(wall.hour)}:${pad(wall.minute)}`;
  switch (style) {
    case 'date':
      return date;
    case 'minute':
      return `${date} ${minute}`;
    case 'second':
      return `${date} ${minute}:${pad(wall.second)}`;
    case 'millis':
      return `${date} ${minute}:${pad(wall.second)}.${pad(at.getUTCMilliseconds(), 3)}`;
    case 'time':
      return `${minute}:${pad(wall.second)}`;
  }
}

/**
 * The trading day (YYYY-MM-DD) an instant belongs to: its date in the venue's zone.
 * KRX: `Asia/Seoul`; crypto, whose day starts 09:00 Seoul: `UTC`.
 */
export function tradingDay(at: Date, zone: string = defaultZone): string {
  return formatInZone(at, zone, 'date');
}
