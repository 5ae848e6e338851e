import { wallTime } from '#components/ui/time-format.ts';

/** The value of a `datetime-local` field for an instant, in Seoul; empty for none. */
export function wallOfInstant(iso: string | null): string {
  const at = new Date(iso ?? NaN);
  if (Number.isNaN(at.getTime())) return '';
  const wall = wallTime(at, 'Asia/Seoul');
  return `${wall.date}T${wall.time.slice(0, 5)}`;
}

/** The instant (ISO, UTC) of a `datetime-local` value in Seoul, which knows no summer time; null when it is none. */
export function instantOfWall(value: string): string | null {
  const at = new Date(`${value}:00+09:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
