/** A day's name in the console's languages; an exception's is one text for both. */
export interface DayName {
  readonly en: string;
  readonly ko: string;
}

const holidays: Readonly<Record<string, readonly [string, string]>> = {
  new_year: ["New Year's Day", '신정'],
  seollal_eve: ['Seollal eve', '설날 연휴'],
  seollal: ['Seollal', '설날'],
  seollal_after: ['Seollal (day after)', '설날 연휴'],
  independence: ['Independence Movement Day', '삼일절'],
  labour: ['Labour Day', '노동절'],
  children: ["Children's Day", '어린이날'],
  buddha: ["Buddha's Birthday", '부처님오신날'],
  memorial: ['Memorial Day', '현충일'],
  constitution: ['Constitution Day', '제헌절'],
  liberation: ['Liberation Day', '광복절'],
  armed_forces: ['Armed Forces Day (temporary public holiday)', '국군의 날(임시공휴일)'],
  chuseok_eve: ['Chuseok eve', '추석 연휴'],
  chuseok: ['Chuseok', '추석'],
  chuseok_after: ['Chuseok (day after)', '추석 연휴'],
  foundation: ['National Foundation Day', '개천절'],
  hangeul: ['Hangeul Day', '한글날'],
  christmas: ['Christmas Day', '성탄절'],
  year_end: ['Year-end closing (KRX)', '연말 휴장일'],
  temporary: ['Temporary public holiday', '임시공휴일'],
  assembly_election: ['National Assembly election day', '국회의원 선거일'],
  presidential_election: ['Presidential election day', '대통령 선거일'],
  local_election: ['Local election day', '지방선거일'],
};

function one(code: string): DayName {
  const base = code.replace('*', '');
  const [en, ko] = holidays[base] ?? [base, base];
  return code.endsWith('*') ? { en: `${en} substitute`, ko: `${ko} 대체공휴일` } : { en, ko };
}

/** The name of a table's code: `chuseok_eve`, `liberation*` (substitute), `buddha+children` (two in one). */
export function holidayName(code: string): DayName {
  const parts = code.split('+').map(one);
  return { en: parts.map((part) => part.en).join('; '), ko: parts.map((part) => part.ko).join(' · ') };
}

export const weekendName: DayName = { en: 'Weekend', ko: '주말' };
export const closedName: DayName = { en: 'Closed', ko: '휴장' };
export const notInWeekName: DayName = { en: 'No session on this weekday', ko: '거래 없는 요일' };
export const examName: DayName = {
  en: 'CSAT day: all sessions one hour later',
  ko: '수능일: 전 거래시간 1시간 순연',
};
export const firstDayName: DayName = {
  en: 'First trading day: opens one hour later',
  ko: '연초 첫 거래일: 개장 1시간 순연',
};
