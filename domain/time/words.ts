import { toString as describeCron } from 'cronstrue';
import 'cronstrue/locales/ko.js';
import { type CronFields, readCron } from './cron-fields.ts';
import { minutesText } from '#domain/time/calendar/day.ts';
import { type Locale, formatDuration } from './duration.ts';
import type { Schedule } from './schedule.ts';

const everyUnits: readonly (readonly [number, string, string, string])[] = [
  [86_400, 'day', 'days', '일'],
  [3_600, 'hour', 'hours', '시간'],
  [60, 'minute', 'minutes', '분'],
  [1, 'second', 'seconds', '초'],
];

/** `Every 5 seconds`, `5초마다`: a whole number of the largest unit that fits. */
export function everyWords(seconds: number, locale: Locale): string {
  const [size, one, many, korean] = everyUnits.find(([unit]) => seconds % unit === 0) ?? [
    1,
    'second',
    'seconds',
    '초',
  ];
  const count = seconds / size;
  if (locale === 'ko') return `${count}${korean}마다`;
  return count === 1 ? `Every ${one}` : `Every ${count} ${many}`;
}

/** The package says no "every day", joins two restricted day fields with "and" where either is enough, and in Korean leaves out "of the hour" and puts the time before the day. */
function mend(text: string, fields: CronFields, locale: Locale): string {
  const times = /^(?:At )?(\d\d:\d\d(?::\d\d)?(?:(?:, | and |, and )\d\d:\d\d(?::\d\d)?)*)$/.exec(text)?.[1];
  if (times !== undefined) return locale === 'ko' ? `매일 ${times}` : `Every day at ${times}`;
  if (locale === 'en') return fields.bothDays ? text : text.replace(/, (?:and )?(?=(?:on )?[A-Z])/, ', or ');
  const joined = fields.bothDays ? text : text.replace(/, (?=[일월화수목금토]요일)/, ' 또는 ');
  const timed = joined.replace(/^(\d\d:\d\d(?::\d\d)?(?:, \d\d:\d\d(?::\d\d)?)*), (?!\d\d:)(.+)$/, '$2 $1');
  return timed.replace(/^(\d[\d, ~]*분)(?=,|$)/, '매시 $1').replace(/^(\d[\d, ~]*초)(?=,|$)/, '매분 $1');
}

/** A cron expression in words without its zone, or null when it is not valid (over-long ones are not even read). */
export function describeCronExpr(expr: string, locale: Locale): string | null {
  const fields = readCron(expr);
  if ('code' in fields) return null;
  const text = describeCron(fields.text, {
    locale,
    use24HourTimeFormat: true,
    logicalAndDayFields: fields.bothDays,
    throwExceptionOnParseError: false,
  });
  return mend(text, fields, locale);
}

type Candle = Extract<Schedule, { kind: 'candle' }>;
type Service = Extract<Schedule, { kind: 'service' }>;
type SessionSchedule = Extract<Schedule, { kind: 'session' }>;

function lengthWords(seconds: number, locale: Locale): string {
  return formatDuration(seconds * 1_000, locale);
}

function candleWords({ minutes, bufferSec }: Candle, locale: Locale): string {
  const ko = locale === 'ko';
  const candle =
    minutes === null
      ? ko
        ? '일봉'
        : 'daily candle'
      : minutes % 60 === 0
        ? ko
          ? `${minutes / 60}시간봉`
          : `${minutes / 60}-hour candle`
        : ko
          ? `${minutes}분봉`
          : `${minutes}-minute candle`;
  if (bufferSec === 0) return ko ? `${candle} 마감 시` : `When each ${candle} closes`;
  const after = lengthWords(bufferSec, locale);
  return ko ? `${candle} 마감 ${after} 후` : `${after} after each ${candle} closes`;
}

const anchors = {
  open: ['the open', '개장'],
  continuous_close: ['the end of continuous trading', '정규 접속매매 종료'],
  close: ['the close', '장 마감'],
} as const;

function sessionWords({ anchor, offsetMin }: SessionSchedule, locale: Locale): string {
  const ko = locale === 'ko';
  const name = anchors[anchor][ko ? 1 : 0];
  if (offsetMin === 0) return ko ? `거래일마다 ${name} 시` : `At ${name} of each trading day`;
  const length = lengthWords(Math.abs(offsetMin) * 60, locale);
  if (ko) return `거래일마다 ${name} ${length} ${offsetMin < 0 ? '전' : '후'}`;
  return `${length} ${offsetMin < 0 ? 'before' : 'after'} ${name} of each trading day`;
}

function serviceHoursWords({ hours }: Service, locale: Locale): string {
  const ko = locale === 'ko';
  const { window, calendarId: calendar } = hours;
  if (window === null || window === 'session') {
    if (calendar === null) return ko ? '매일 하루 종일' : 'all day, every day';
    if (calendar === 'CRYPTO') return ko ? '24시간, 거래일 단위로' : 'around the clock, by the trading day';
    return ko ? '매 거래일 개장부터 장 마감까지' : 'from open to close of each trading day';
  }
  const times = `${minutesText(window.from)}–${minutesText(window.to)}`;
  const daily = calendar === null || hours.onClosed === 'run';
  if (ko) return `${daily ? '매일' : '매 거래일'} ${times}`;
  return `${times} ${daily ? 'every day' : 'of each trading day'}`;
}

function serviceWords(schedule: Service, locale: Locale): string {
  const every = everyWords(schedule.seconds, locale);
  const hours = serviceHoursWords(schedule, locale);
  return locale === 'ko' ? `${hours}, ${every}` : `${every}, ${hours}`;
}

function windowWords({ bounds }: Schedule, locale: Locale): string {
  const window = bounds?.window ?? null;
  if (window === null) return '';
  if (window === 'session') return locale === 'ko' ? ' (장중에만)' : ', only during the session';
  const hours = `${minutesText(window.from)}–${minutesText(window.to)}`;
  return locale === 'ko' ? ` (${hours}에만)` : `, only ${hours}`;
}

/** The schedule as a sentence in words. The zone of a cron expression and the calendar stand beside it, not in it. */
export function describeSchedule(schedule: Schedule, locale: Locale): string {
  return timesWords(schedule, locale) + windowWords(schedule, locale);
}

function timesWords(schedule: Schedule, locale: Locale): string {
  const ko = locale === 'ko';
  switch (schedule.kind) {
    case 'cron':
      return (
        describeCronExpr(schedule.expr, locale) ?? (ko ? '잘못된 cron 표현식' : 'Not a valid cron expression')
      );
    case 'interval':
      return everyWords(schedule.seconds, locale);
    case 'candle':
      return candleWords(schedule, locale);
    case 'session':
      return sessionWords(schedule, locale);
    case 'service':
      return serviceWords(schedule, locale);
    case 'queue':
      return ko ? '이전 실행이 끝나면 이어서' : 'Again after each run ends';
    case 'none':
      return ko ? '예약 없음 (직접 실행 또는 API)' : 'No schedule (by hand or API)';
  }
}
