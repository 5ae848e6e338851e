/** The console's languages. */
export type Locale = 'ko' | 'en';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units = {
  en: { day: ' d', hour: ' h', minute: ' min', second: ' s', milli: ' ms' },
  ko: { day: '일', hour: '시간', minute: '분', second: '초', milli: 'ms' },
} as const;

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rounded = Math.round(ms / small) * small;
  const rest = Math.round((rounded % big) / small);
  return `${Math.floor(rounded / big)}${bigUnit}${rest === 0 ? '' : ` ${rest}${smallUnit}`}`;
}

/** A length of time for a table: `850 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`; `3분 20초`. */
export function formatDuration(ms: number, locale: Locale): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `-${formatDuration(-ms, locale)}`;
  const unit = units[locale];
  if (Math.round(ms) < second) return `${Math.round(ms)}${unit.milli}`;
  if (ms < 10 * second - 50) return `${(ms / second).toFixed(1).replace(/\.0$/, '')}${unit.second}`;
  if (ms < minute - second / 2) return `${Math.round(ms / second)}${unit.second}`;
  if (ms < hour - second / 2) return pair(ms, minute, unit.minute, second, unit.second);
  if (ms < day - minute / 2) return pair(ms, hour, unit.hour, minute, unit.minute);
  return pair(ms, day, unit.day, hour, unit.hour);
}

/** How far an instant is from now, in its largest unit: `just now`, `3 min ago`, `in 2 h`; `방금`, `3분 전`, `2시간 후`. */
export function formatRelative(at: Date, now: Date, locale: Locale): string {
  const difference = at.getTime() - now.getTime();
  const distance = Math.abs(difference);
  if (distance < second) return locale === 'ko' ? '방금' : 'just now';
  const unit = units[locale];
  const [size, name] =
    distance < minute
      ? [second, unit.second]
      : distance < hour
        ? [minute, unit.minute]
        : distance < day
          ? [hour, unit.hour]
          : [day, unit.day];
  const text = `${Math.floor(distance / size)}${name}`;
  if (locale === 'ko') return `${text} ${difference > 0 ? '후' : '전'}`;
  return difference > 0 ? `in ${text}` : `${text} ago`;
}
