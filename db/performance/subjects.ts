import { type Decimal, sum, zero } from '#domain/core/decimal.ts';
import {
  type Mark,
  type Valuation,
  addValuations,
  dayCurve,
  heldUntil,
  valueTrader,
} from '#domain/performance/day.ts';
import { type Stretch, exposureOf } from '#domain/performance/exposure.ts';
import {
  type AccountHistory,
  type FlatPoint,
  type Tally,
  addTally,
  netTally,
  noTally,
  tallyOf,
} from '#domain/performance/fold.ts';
import type { Owner } from '#domain/performance/lots.ts';
import { type DailySummary, summarise } from '#domain/performance/summary.ts';
import { type Session, calendarDay } from '#domain/time/calendar/calendar.ts';
import type { AccountFacts, TraderFacts } from './book.ts';
import { type PointRow, baseOf, subjectKey } from './points.ts';

/** Points by subject. */
export type PointsBySubject = ReadonlyMap<string, readonly PointRow[]>;
/** The point from which each subject's day begins. */
export type OpeningPoints = ReadonlyMap<string, PointRow>;

/** The latest of instants that are there. */
export const latest = (instants: readonly (Date | null | undefined)[]): Date =>
  new Date(Math.max(...instants.map((at) => at?.getTime() ?? 0)));

/** A day of one account, with everything of its entries up to the day. */
export interface AccountDay {
  readonly facts: AccountFacts;
  readonly session: Session | null;
  readonly prices: ReadonlyMap<string, Decimal>;
  readonly valuation: Valuation;
  readonly closeAt: Date;
  readonly unpriced: readonly string[];
}

/** What the summary of one subject is made of, beside what its level adds. */
export interface SubjectDay {
  readonly level: DailySummary['level'];
  readonly subject: string;
  readonly valuation: Valuation;
  readonly closeAt: Date;
  readonly opening: Pick<Mark, 'equity' | 'base'>;
  readonly marks: readonly Mark[];
  readonly of: readonly { readonly day: AccountDay; readonly owner?: Owner }[];
}

/** Whether a trader was there on the day, or did something. */
export function tradedBy(
  trader: TraderFacts,
  days: readonly AccountDay[],
  day: string,
  marks: PointsBySubject,
): boolean {
  const account = days.find(({ facts }) => facts.id === trader.account);
  if (account === undefined) return false;
  const { calendar, history } = account.facts;
  const dated = (at: Date) => calendarDay(calendar, at);
  const there =
    dated(trader.createdAt) <= day && (trader.deletedAt === null || dated(trader.deletedAt) >= day);
  return (
    there || history.days.get(day)?.has(trader.id) === true || marks.has(subjectKey('trader', trader.id))
  );
}

const earlier = (day: string) => (date: string) => date < day;
const upTo = (day: string) => (date: string) => date <= day;

/** Marks of the market, then the instants at which the subject was flat, which need no price. */
function marksWith(points: readonly PointRow[] | undefined, flat: readonly Mark[]): Mark[] {
  return [
    ...(points ?? [])
      .filter(({ close }) => !close)
      .map((point) => ({ at: point.at, equity: point.equity, base: baseOf(point) })),
    ...flat,
  ];
}

const flatMarks = (
  points: readonly FlatPoint[] | undefined,
  day: string,
  base: (point: FlatPoint) => Decimal,
) =>
  (points ?? [])
    .filter(({ trading_day }) => trading_day === day)
    .map((point): Mark => ({ at: point.at, equity: base(point).plus(point.realised), base: base(point) }));

function openingOf(
  point: PointRow | undefined,
  otherwise: Pick<Mark, 'equity' | 'base'>,
): Pick<Mark, 'equity' | 'base'> {
  return point === undefined ? otherwise : { equity: point.equity, base: baseOf(point) };
}

export function accountSubject(
  each: AccountDay,
  day: string,
  opening: OpeningPoints,
  marks: PointsBySubject,
): SubjectDay {
  const { id, history } = each.facts;
  const key = subjectKey('account', id);
  return {
    level: 'account',
    subject: id,
    valuation: each.valuation,
    closeAt: each.closeAt,
    opening: openingOf(opening.get(key), beforeMarks(history, day)),
    marks: marksWith(
      marks.get(key),
      flatMarks(history.flat, day, ({ base }) => base),
    ),
    of: [{ day: each }],
  };
}

/** What an account had before a day of which no earlier point tells: what it was flat with last, else nothing. */
function beforeMarks(history: AccountHistory, day: string): Pick<Mark, 'equity' | 'base'> {
  const last = history.flat.findLast(({ trading_day }) => trading_day < day);
  return last === undefined
    ? { equity: zero, base: zero }
    : { equity: last.base.plus(last.realised), base: last.base };
}

export function traderSubject(
  trader: TraderFacts,
  days: readonly AccountDay[],
  day: string,
  opening: OpeningPoints,
  marks: PointsBySubject,
): SubjectDay[] {
  const each = days.find(({ facts }) => facts.id === trader.account);
  if (each === undefined) return [];
  const { history } = each.facts;
  const key = subjectKey('trader', trader.id);
  const points = marks.get(key);
  const known = points?.findLast(({ close }) => close) ?? points?.at(-1);
  // The capital of the day is what it was then, not what it is now.
  const capital = known === undefined ? trader.capital : baseOf(known);
  const before = netTally(tallyOf(history, earlier(day), trader.id));
  const realised = netTally(tallyOf(history, upTo(day), trader.id));
  return [
    {
      level: 'trader',
      subject: trader.id,
      valuation: valueTrader(history, trader.id, capital, realised, each.prices),
      closeAt: latest([each.closeAt, points?.at(-1)?.at]),
      opening: openingOf(opening.get(key), { equity: capital.plus(before), base: capital }),
      marks: marksWith(
        points,
        flatMarks(history.flatOf.get(trader.id), day, () => capital),
      ),
      of: [{ day: each, owner: trader.id }],
    },
  ];
}

export function scopeSubject(
  scope: string,
  days: readonly AccountDay[],
  accounts: readonly SubjectDay[],
  opening: OpeningPoints,
  marks: PointsBySubject,
): SubjectDay {
  const own = accounts.filter(({ level }) => level === 'account');
  const key = subjectKey('scope', scope);
  const points = marks.get(key);
  const [only] = own;
  return {
    level: 'scope',
    subject: scope,
    valuation: addValuations(own.map(({ valuation }) => valuation)),
    closeAt: latest([...own.map(({ closeAt }) => closeAt), points?.at(-1)?.at]),
    opening: openingOf(opening.get(key), {
      equity: sum(own.map((each) => each.opening.equity)),
      base: sum(own.map((each) => each.opening.base)),
    }),
    // Of several accounts that are flat at different times only the marks tell a common value.
    marks: own.length === 1 && only !== undefined ? only.marks : marksWith(points, []),
    of: days.map((day) => ({ day })),
  };
}

/** The summary of a subject's day. */
export function summaryOf(subject: SubjectDay, scope: string, day: string, now: Date): DailySummary {
  const { level, closeAt, valuation } = subject;
  const close: Mark = { at: closeAt, equity: valuation.equity, base: valuation.base };
  let tally: Tally = noTally;
  const held: Stretch[] = [];
  for (const { day: each, owner } of subject.of) {
    tally = addTally(
      tally,
      tallyOf(each.facts.history, (date) => date === day, owner),
    );
    held.push(...heldUntil(each.facts.history, each.closeAt, owner));
  }
  return summarise({
    scope,
    level,
    subject: subject.subject,
    tradingDay: day,
    trips: subject.of.flatMap(({ day: each, owner }) =>
      each.facts.history.trips.filter(
        (trip) => trip.trading_day === day && (owner === undefined || trip.trader === owner),
      ),
    ),
    fees: tally.fees,
    taxes: tally.taxes,
    realised: netTally(tally),
    unrealised: valuation.unrealised,
    curve: dayCurve(subject.opening, subject.marks, close),
    exposure: exposureOf(held, sessionsOf(subject)),
    generatedAt: now,
  });
}

/** When the market was open for the subject, up to the close. */
function sessionsOf(subject: SubjectDay): Stretch[] {
  return subject.of.flatMap(({ day: { session, closeAt } }) => {
    if (session === null) return [];
    return [{ start: session.open, end: closeAt < session.close ? closeAt : session.close }];
  });
}
