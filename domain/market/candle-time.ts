import { type Wall, fixedOffset, instantsOf, wallAsUtc } from '#domain/time/zone.ts';

/** A time as a file writes it: a date alone, a wall time without its zone, or an instant. */
export type Stamp =
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'wall'; readonly wall: Wall; readonly ms: number }
  | { readonly kind: 'instant'; readonly at: Date };

const datePart = /^(\d{4})\s*[-/.년]\s*(\d{1,2})\s*[-/.월]\s*(\d{1,2})\s*[.일]?(?:[T\s]+(.*))?$/;
const plainDate = /^(\d{4})(\d{2})(\d{2})(?:[T\s]*(.*))?$/;
const timePart =
  /^(오전|오후)?\s*(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?(?:\.(\d{1,9}))?\s*(?:[-\s]?(AM|PM))?\s*(Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?$/i;

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  readonly zone: string | null;
}

function readClock(text: string): Clock | null {
  const match = timePart.exec(text.trim());
  if (match === null) return null;
  const [, korean, hours = '', minutes, seconds = '0', fraction = '', half, zone] = match;
  const pm = korean === '오후' || half?.toUpperCase() === 'PM';
  const twelve = korean !== undefined || half !== undefined;
  // A bare number is an hour only where it says so.
  if (minutes === undefined && !twelve) return null;
  const [hour, minute, second] = [Number(hours), Number(minutes ?? 0), Number(seconds)];
  if (twelve && (hour < 1 || hour > 12)) return null;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const of24 = twelve ? (hour % 12) + (pm ? 12 : 0) : hour;
  return of24 > 23 || minute > 59 || second > 59
    ? null
    : { hour: of24, minute, second, ms, zone: zone?.toUpperCase() ?? null };
}

/** Minutes that a zone as files write it is ahead of UTC. */
function offsetMinutes(zone: string): number {
  if (zone === 'KST') return 540;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  return match === null ? 0 : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** Digits of a clock in a column of its own, whose leading zero a spreadsheet took: `90000`. */
const clockDigits = (text: string) => (/^(\d{3}|\d{5})$/.test(text) ? `0${text}` : text);

/**
 * A time of a candle file: `2026-11-23`, `2026/11/23 09:00`, `2026. 11. 23.`, `2026년 11월 23일`, `20261123090000`,
 * ISO 8601, `2019-10-17 09-AM`, Unix seconds (10 digits) or milliseconds (13). Day-first and month-first dates are not
 * read, because nothing tells them apart.
 * @param time of day in a column of its own. @returns null for anything else, and for days that do not exist.
 */
export function readStamp(text: string, time: string | null): Stamp | null {
  if (/^\d{10}$/.test(text)) return { kind: 'instant', at: new Date(Number(text) * 1_000) };
  if (/^\d{13}$/.test(text)) return { kind: 'instant', at: new Date(Number(text)) };
  const match = datePart.exec(text) ?? plainDate.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const written = match[4]?.trim() ?? '';
  const beside = time === null ? '' : clockDigits(time);
  if (written === '' && beside === '') return { kind: 'date', date: midnight.toISOString().slice(0, 10) };
  // A date column that spreadsheets gave a midnight says nothing beside a column of times.
  const own = written !== '' && (beside === '' || !/^0?0:00(:00)?(\.0+)?$/.test(written));
  const clock = readClock(own ? written : beside);
  if (clock === null) return null;
  const { hour, minute, second, ms, zone } = clock;
  if (zone === null) return { kind: 'wall', wall: { year, month, day, hour, minute, second }, ms };
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  return { kind: 'instant', at: new Date(utc - offsetMinutes(zone) * 60_000) };
}

/** The instant of a wall time; null in a gap of the zone's clock or in an hour it shows twice. */
export function instantOf(
  { wall, ms }: { readonly wall: Wall; readonly ms: number },
  zone: string,
): Date | null {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return new Date(wallAsUtc(wall).getTime() - fixed + ms);
  const [first, ...more] = instantsOf(wall, zone);
  return first === undefined || more.length > 0 ? null : new Date(first.getTime() + ms);
}
