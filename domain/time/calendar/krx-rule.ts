import { type DayNumber, dateText, dayNumber, isWeekend, weekdayOf } from './day.ts';
import { lunarHolidays } from './krx-table.ts';

const next = { thursday: 4, wednesday: 3 } as const;

/** The first such weekday on or after a day. */
function onOrAfter(day: DayNumber, weekday: number): DayNumber {
  return day + ((weekday - weekdayOf(day) + 7) % 7);
}

/** Which days bring a substitute: the lunar feasts when they meet a Sunday or another holiday, these also on a Saturday. */
const solar: readonly (readonly [string, string, boolean])[] = [
  ['01-01', 'new_year', false],
  ['03-01', 'independence', true],
  ['05-01', 'labour', true],
  ['05-05', 'children', true],
  ['06-06', 'memorial', false],
  ['07-17', 'constitution', true],
  ['08-15', 'liberation', true],
  ['10-03', 'foundation', true],
  ['10-09', 'hangeul', true],
  ['12-25', 'christmas', true],
];

interface Holiday {
  readonly day: DayNumber;
  readonly code: string;
  readonly substitute: 'none' | 'weekend' | 'sunday';
}

function holidaysOf(year: number): Holiday[] {
  // Constitution Day was no day off from 2008 to 2025.
  const off = solar.filter(([, code]) => code !== 'constitution' || year < 2008 || year > 2025);
  const list: Holiday[] = off.map(([date, code, substitute]) => ({
    day: dayNumber(`${year}-${date}`),
    code,
    substitute: substitute ? 'weekend' : 'none',
  }));
  const lunar = lunarHolidays[year]?.split(' ').map((text) => {
    return dayNumber(`${year}-${text.slice(0, 2)}-${text.slice(2)}`);
  });
  const [seollal, buddha, chuseok] = lunar ?? [];
  if (buddha !== undefined) list.push({ day: buddha, code: 'buddha', substitute: 'weekend' });
  for (const [feast, name] of [
    [seollal, 'seollal'],
    [chuseok, 'chuseok'],
  ] as const) {
    if (feast === undefined) continue;
    list.push(
      { day: feast - 1, code: `${name}_eve`, substitute: 'sunday' },
      { day: feast, code: name, substitute: 'sunday' },
      { day: feast + 1, code: `${name}_after`, substitute: 'sunday' },
    );
  }
  return list.sort((a, b) => a.day - b.day);
}

/** Wednesdays by the Public Official Election Act; one beside a holiday moves by a week. */
function electionOf(year: number, closed: ReadonlyMap<DayNumber, string>): Holiday[] {
  const found: Holiday[] = [];
  const add = (from: string, code: string) => {
    let day = onOrAfter(dayNumber(`${year}-${from}`), next.wednesday);
    while ([day - 1, day, day + 1].some((near) => closed.has(near))) day += 7;
    found.push({ day, code, substitute: 'none' });
  };
  if (year % 4 === 0) add('04-09', 'assembly_election');
  if (year % 4 === 2) add('05-31', 'local_election');
  if (year % 5 === 0) add('03-25', 'presidential_election');
  return found;
}

function needsSubstitute(holiday: Holiday, all: readonly Holiday[]): boolean {
  if (holiday.substitute === 'none') return false;
  const weekday = weekdayOf(holiday.day);
  if (weekday === 0 || (weekday === 6 && holiday.substitute === 'weekend')) return true;
  if (weekday === 6) return false;
  // Two on one day bring one substitute: that of the earlier in the list.
  const same = all.filter((other) => other.day === holiday.day);
  return same.length > 1 && same.find((other) => other.substitute !== 'none') === holiday;
}

/**
 * The weekdays on which KRX should be closed in a year beyond the table, by today's law: day to code. Elections and
 * temporary holidays that are announced late are not in it, so it is a projection.
 */
export function projectedClosures(year: number): ReadonlyMap<DayNumber, string> {
  const holidays = holidaysOf(year);
  const closed = new Map<DayNumber, string>();
  const add = (day: DayNumber, code: string) => {
    const known = closed.get(day);
    closed.set(day, known === undefined ? code : `${known}+${code}`);
  };
  for (const holiday of holidays) add(holiday.day, holiday.code);
  for (const holiday of holidays) {
    if (!needsSubstitute(holiday, holidays)) continue;
    let day = holiday.day + 1;
    while (isWeekend(day) || closed.has(day)) day += 1;
    add(day, `${holiday.code.replace(/_(?:eve|after)$/, '')}*`);
  }
  for (const election of electionOf(year, closed)) add(election.day, election.code);
  let last = dayNumber(`${year}-12-31`);
  while (isWeekend(last) || closed.has(last)) last -= 1;
  add(last, 'year_end');
  return new Map([...closed].filter(([day]) => !isWeekend(day)));
}

/** The day of the university entrance exam in a year beyond the table: the Thursday in 13 to 19 November. */
export function projectedExamDay(year: number): string {
  return dateText(onOrAfter(dayNumber(`${year}-11-13`), next.thursday));
}
