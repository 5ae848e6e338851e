import type { Decimal } from '#domain/core/decimal.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import { type Calendar, calendarDay, sessionOf } from '#domain/time/calendar/calendar.ts';
import { formatInZone } from '#domain/time/zone.ts';
import { shapeProblem } from './candle.ts';
import { type CandleSpan, candleSpan, sessionSpans } from './candle-span.ts';
import type { CandleColumns, CandleRole } from './candle-columns.ts';
import { readNumber } from './candle-number.ts';
import { type CandleProblem, type CandleProblemCode, type RowUnit, candleProblem } from './candle-problem.ts';
import { instantOf, readStamp } from './candle-time.ts';
import type { Venue } from './instrument.ts';

/** What a file's rows are read against. */
export interface RowRules {
  readonly venue: Venue;
  readonly calendar: Calendar;
  readonly interval: CandleInterval;
  /** Zone of times that name none. */
  readonly zone: string;
  /** Whether times are those at which candles start or end. */
  readonly stamp: 'start' | 'end';
  /** Candles that end later are refused. */
  readonly now: Date;
}

/** A row as text by role. */
export interface Row {
  readonly line: number;
  readonly unit: RowUnit;
  readonly columns: CandleColumns;
  readonly fields: readonly string[];
}

export function textOf({ columns, fields }: Row, role: CandleRole): string | null {
  const column = columns.at[role];
  return column === undefined ? null : (fields[column.index] ?? '');
}

export function problemAt(
  row: Row,
  role: CandleRole,
  code: CandleProblemCode,
  params: Record<string, string | number> = {},
): CandleProblem {
  const place = {
    line: row.line,
    unit: row.unit,
    field: row.columns.at[role]?.name ?? role,
    value: textOf(row, role),
  };
  return candleProblem(place, code, params);
}

const isProblem = (value: object): value is CandleProblem => 'code' in value;

/** The candle of a date or, within a day, of an instant; or why there is none. */
function spanAt(row: Row, rules: RowRules, at: Date | string): CandleSpan | CandleProblem {
  const { calendar, interval, stamp } = rules;
  const within = typeof at !== 'string' && stamp === 'end' ? new Date(at.getTime() - 1) : at;
  const date = typeof within === 'string' ? within : calendarDay(calendar, within);
  const session = sessionOf(calendar, date);
  if (session.kind === 'closed')
    return problemAt(row, 'start', 'closed_day', { calendar: calendar.id, date, name: session.name.en });
  if (interval === '1d' || typeof at === 'string' || typeof within === 'string') {
    const [whole] = sessionSpans(session, '1d');
    return whole ?? problemAt(row, 'start', 'time_form');
  }
  const span = candleSpan(calendar, interval, within);
  if (span === null) {
    const time = (when: Date) => formatInZone(when, calendar.zone, 'minute').slice(11);
    const hours = { open: time(session.open), close: time(session.close) };
    return problemAt(row, 'start', 'outside_session', { date, ...hours });
  }
  if (span[stamp].getTime() === at.getTime()) return span;
  const nearest = formatInZone(span[stamp], calendar.zone, 'second');
  return problemAt(row, 'start', 'misaligned', { interval, stamp, nearest });
}

function readSpan(row: Row, rules: RowRules): CandleSpan | CandleProblem {
  const text = textOf(row, 'start') ?? '';
  const time = textOf(row, 'time');
  if (text === '') return problemAt(row, 'start', 'missing');
  const stamp = readStamp(text, rules.interval === '1d' && time === '' ? null : time);
  if (stamp === null) return problemAt(row, 'start', 'time_form');
  if (stamp.kind === 'date') {
    if (rules.interval === '1d') return spanAt(row, rules, stamp.date);
    return problemAt(row, 'start', 'time_missing', { interval: rules.interval });
  }
  const zone = row.columns.zone ?? rules.zone;
  const at = stamp.kind === 'instant' ? stamp.at : instantOf(stamp, zone);
  return at === null ? problemAt(row, 'start', 'time_odd', { zone }) : spanAt(row, rules, at);
}

const priceRoles = ['open', 'high', 'low', 'close'] as const;

/** The numbers of a row; the turnover only where the file has it. */
interface Numbers {
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly value: Decimal | null;
}

function readNumbers(row: Row): Numbers | CandleProblem[] {
  const problems: CandleProblem[] = [];
  const read = (role: CandleRole): Decimal | null => {
    const number = readNumber(textOf(row, role) ?? '');
    if (typeof number !== 'string') return number;
    problems.push(problemAt(row, role, number));
    return null;
  };
  const [open, high, low, close] = priceRoles.map(read);
  const volume = read('volume');
  const given = textOf(row, 'value');
  const value = given === null || given === '' ? null : read('value');
  if (problems.length > 0 || !open || !high || !low || !close || !volume) return problems;
  return { open, high, low, close, volume, value };
}

/** Why a row is no candle although nothing is wrong with it: nothing was traded. */
export type IdleReason =
  /** Zero volume and zero prices beside a close: how KRX writes a halted day. */
  | 'halted'
  /** Zero volume and four equal prices: the last price carried on. */
  | 'no_trades';

function idleReason({ open, high, low, close, volume }: Numbers): IdleReason | null {
  if (!volume.isZero()) return null;
  if (open.isZero() && high.isZero() && low.isZero()) return 'halted';
  return open.equals(close) && high.equals(close) && low.equals(close) ? 'no_trades' : null;
}

function numberProblems(row: Row, numbers: Numbers): CandleProblem[] {
  const zero = priceRoles.filter((role) => numbers[role].isZero());
  if (zero.length > 0) return zero.map((role) => problemAt(row, role, 'not_positive'));
  const shape = shapeProblem(numbers);
  if (shape !== null) {
    const other = numbers.open.equals(shape.bound) ? 'open' : 'close';
    const names = { other: row.columns.at[other]?.name ?? other, bound: shape.bound.toFixed() };
    return [problemAt(row, shape.field, shape.code, names)];
  }
  const moved = numbers.volume.isZero() && !numbers.high.equals(numbers.low);
  return moved ? [problemAt(row, 'volume', 'moved_without_volume')] : [];
}

export type ReadRow =
  | {
      readonly ok: true;
      readonly span: CandleSpan;
      readonly numbers: Numbers;
      readonly idle: IdleReason | null;
    }
  | { readonly ok: false; readonly problems: readonly CandleProblem[] };

/** One row by itself, with everything that is wrong with it. */
export function readRow(row: Row, rules: RowRules): ReadRow {
  const span = readSpan(row, rules);
  const numbers = readNumbers(row);
  const idle = Array.isArray(numbers) ? null : idleReason(numbers);
  const problems = [
    ...(isProblem(span) ? [span] : []),
    ...(Array.isArray(numbers) ? numbers : idle === null ? numberProblems(row, numbers) : []),
  ];
  if (!isProblem(span) && span.end > rules.now) {
    const end = formatInZone(span.end, rules.calendar.zone, 'minute');
    problems.push(problemAt(row, 'start', 'not_over', { end }));
  }
  if (problems.length > 0 || isProblem(span) || Array.isArray(numbers)) return { ok: false, problems };
  return { ok: true, span, numbers, idle };
}
