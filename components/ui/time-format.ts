/** Short names of the zones people here know; others show their offset. */
const zoneNames: Readonly<Record<string, string>> = {
  'Asia/Seoul': 'KST',
  'Asia/Tokyo': 'JST',
  UTC: 'UTC',
  'Etc/UTC': 'UTC',
};

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
  });
  formatters.set(zone, made);
  return made;
}

export interface WallTime {
  /** `2026-11-21` */
  readonly date: string;
  /** `09:00:05` */
  readonly time: string;
  /** `KST`, or an offset such as `GMT-5`. */
  readonly zone: string;
}

/** An instant on the wall of a zone. Written by parts, so that server and browser agree to the letter. */
export function wallTime(at: Date, zone: string): WallTime {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) part[type] = value;
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}:${part.second}`,
    zone: zoneNames[zone] ?? part.timeZoneName ?? zone,
  };
}

/** How much of an instant is written. `auto` drops the date on the day of `now`. */
export type TimeStyle = 'full' | 'minute' | 'date' | 'time' | 'auto';

/**
 * Writes an instant for a dense table.
 * @param now only for `auto`; without it the date is written.
 */
export function formatTime(at: Date, zone: string, style: TimeStyle, now: Date | null = null): string {
  const wall = wallTime(at, zone);
  switch (style) {
    case 'full':
      return `${wall.date} ${wall.time}`;
    case 'minute':
      return `${wall.date} ${wall.time.slice(0, 5)}`;
    case 'date':
      return wall.date;
    case 'time':
      return wall.time;
    case 'auto': {
      if (now === null) return `${wall.date.slice(5)} ${wall.time}`;
      const today = wallTime(now, zone);
      if (today.date === wall.date) return wall.time;
      return today.date.slice(0, 4) === wall.date.slice(0, 4)
        ? `${wall.date.slice(5)} ${wall.time}`
        : `${wall.date} ${wall.time.slice(0, 5)}`;
    }
  }
}

/** Units of a duration, largest first; texts are `common.duration.<unit>`. */
export type DurationUnit = 'd' | 'h' | 'm' | 's' | 'ms';
export interface DurationPart {
  readonly unit: DurationUnit;
  readonly value: string;
}

function pair(big: DurationUnit, small: DurationUnit, high: number, low: number): readonly DurationPart[] {
  const first = { unit: big, value: String(high) };
  return low === 0 ? [first] : [first, { unit: small, value: String(low) }];
}

/** A duration in at most two units: 340 ms, 4.2 s, 1 m 05 s, 3 h 10 m, 2 d 4 h. */
export function durationParts(ms: number): readonly DurationPart[] {
  const total = Math.max(0, ms);
  if (total < 999.5) return [{ unit: 'ms', value: String(Math.round(total)) }];
  if (total < 9_950) return [{ unit: 's', value: (total / 1_000).toFixed(1) }];
  const seconds = Math.round(total / 1_000);
  if (seconds < 60) return [{ unit: 's', value: String(seconds) }];
  if (seconds < 3_600) return pair('m', 's', Math.floor(seconds / 60), seconds % 60);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return pair('h', 'm', Math.floor(minutes / 60), minutes % 60);
  const hours = Math.round(minutes / 60);
  return pair('d', 'h', Math.floor(hours / 24), hours % 24);
}

/** The step of a relative time: its signed value and Intl unit; null when it is now (under a second). */
export function relativeStep(
  ms: number,
): { readonly value: number; readonly unit: 'second' | 'minute' | 'hour' | 'day' } | null {
  const size = Math.abs(ms);
  if (size < 1_000) return null;
  const whole = (unitMs: number) => Math.trunc(ms / unitMs);
  if (size < 60_000) return { value: whole(1_000), unit: 'second' };
  if (size < 3_600_000) return { value: whole(60_000), unit: 'minute' };
  if (size < 86_400_000) return { value: whole(3_600_000), unit: 'hour' };
  return { value: whole(86_400_000), unit: 'day' };
}
