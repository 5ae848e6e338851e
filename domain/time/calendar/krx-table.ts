/**
 * Weekdays on which KRX was or will be closed, per year: `MM-DD code`, `*` for a substitute holiday. Up to 2026-01-23 they
 * agree with every session of 005930; later ones rest on published calendars (exchange_calendars, vacanza/holidays,
 * @hyunbinseo/holidays-kr, date-holidays).
 */
export const krxClosures: Readonly<Record<number, string>> = {
  2015: '01-01 new_year, 02-18 seollal_eve, 02-19 seollal, 02-20 seollal_after, 05-01 labour, 05-05 children, 05-25 buddha, 08-14 temporary, 09-28 chuseok_after, 09-29 chuseok*, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2016: '01-01 new_year, 02-08 seollal, 02-09 seollal_after, 02-10 seollal*, 03-01 independence, 04-13 assembly_election, 05-05 children, 05-06 temporary, 06-06 memorial, 08-15 liberation, 09-14 chuseok_eve, 09-15 chuseok, 09-16 chuseok_after, 10-03 foundation, 12-30 year_end',
  2017: '01-27 seollal_eve, 01-30 seollal*, 03-01 independence, 05-01 labour, 05-03 buddha, 05-05 children, 05-09 presidential_election, 06-06 memorial, 08-15 liberation, 10-02 temporary, 10-03 foundation+chuseok_eve, 10-04 chuseok, 10-05 chuseok_after, 10-06 chuseok*, 10-09 hangeul, 12-25 christmas, 12-29 year_end',
  2018: '01-01 new_year, 02-15 seollal_eve, 02-16 seollal, 03-01 independence, 05-01 labour, 05-07 children*, 05-22 buddha, 06-06 memorial, 06-13 local_election, 08-15 liberation, 09-24 chuseok, 09-25 chuseok_after, 09-26 chuseok*, 10-03 foundation, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2019: '01-01 new_year, 02-04 seollal_eve, 02-05 seollal, 02-06 seollal_after, 03-01 independence, 05-01 labour, 05-06 children*, 06-06 memorial, 08-15 liberation, 09-12 chuseok_eve, 09-13 chuseok, 10-03 foundation, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2020: '01-01 new_year, 01-24 seollal_eve, 01-27 seollal*, 04-15 assembly_election, 04-30 buddha, 05-01 labour, 05-05 children, 08-17 temporary, 09-30 chuseok_eve, 10-01 chuseok, 10-02 chuseok_after, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2021: '01-01 new_year, 02-11 seollal_eve, 02-12 seollal, 03-01 independence, 05-05 children, 05-19 buddha, 08-16 liberation*, 09-20 chuseok_eve, 09-21 chuseok, 09-22 chuseok_after, 10-04 foundation*, 10-11 hangeul*, 12-31 year_end',
  2022: '01-31 seollal_eve, 02-01 seollal, 02-02 seollal_after, 03-01 independence, 03-09 presidential_election, 05-05 children, 06-01 local_election, 06-06 memorial, 08-15 liberation, 09-09 chuseok_eve, 09-12 chuseok*, 10-03 foundation, 10-10 hangeul*, 12-30 year_end',
  2023: '01-23 seollal_after, 01-24 seollal*, 03-01 independence, 05-01 labour, 05-05 children, 05-29 buddha*, 06-06 memorial, 08-15 liberation, 09-28 chuseok_eve, 09-29 chuseok, 10-02 temporary, 10-03 foundation, 10-09 hangeul, 12-25 christmas, 12-29 year_end',
  2024: '01-01 new_year, 02-09 seollal_eve, 02-12 seollal*, 03-01 independence, 04-10 assembly_election, 05-01 labour, 05-06 children*, 05-15 buddha, 06-06 memorial, 08-15 liberation, 09-16 chuseok_eve, 09-17 chuseok, 09-18 chuseok_after, 10-01 armed_forces, 10-03 foundation, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2025: '01-01 new_year, 01-27 temporary, 01-28 seollal_eve, 01-29 seollal, 01-30 seollal_after, 03-03 independence*, 05-01 labour, 05-05 buddha+children, 05-06 buddha*+children*, 06-03 presidential_election, 06-06 memorial, 08-15 liberation, 10-03 foundation, 10-06 chuseok, 10-07 chuseok_after, 10-08 chuseok*, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2026: '01-01 new_year, 02-16 seollal_eve, 02-17 seollal, 02-18 seollal_after, 03-02 independence*, 05-01 labour, 05-05 children, 05-25 buddha*, 06-03 local_election, 07-17 constitution, 08-17 liberation*, 09-24 chuseok_eve, 09-25 chuseok, 10-05 foundation*, 10-09 hangeul, 12-25 christmas, 12-31 year_end',
  2027: '01-01 new_year, 02-08 seollal_after, 02-09 seollal*, 03-01 independence, 05-03 labour*, 05-05 children, 05-13 buddha, 07-19 constitution*, 08-16 liberation*, 09-14 chuseok_eve, 09-15 chuseok, 09-16 chuseok_after, 10-04 foundation*, 10-11 hangeul*, 12-27 christmas*, 12-31 year_end',
};

/** Days of the university entrance exam (CSAT), when every session is an hour later; 2017's was postponed, its first date kept the hour. */
export const krxExamDays: ReadonlySet<string> = new Set([
  '2015-11-12',
  '2016-11-17',
  '2017-11-16',
  '2017-11-23',
  '2018-11-15',
  '2019-11-14',
  '2020-12-03',
  '2021-11-18',
  '2022-11-17',
  '2023-11-16',
  '2024-11-14',
  '2025-11-13',
  '2026-11-19',
  '2027-11-18',
]);

/** First and last year of the table; what lies beyond is projected by rule. */
export const krxTableYears = { first: 2015, last: 2027 } as const;

/** New Year (Seollal), Buddha's birthday and Chuseok of the lunar calendar, `MMDD` each, from ICU's `dangi` calendar. */
export const lunarHolidays: Readonly<Record<number, string>> = {
  2022: '0201 0508 0910',
  2023: '0122 0527 0929',
  2024: '0210 0515 0917',
  2025: '0129 0505 1006',
  2026: '0217 0524 0925',
  2027: '0207 0513 0915',
  2028: '0127 0502 1003',
  2029: '0213 0520 0922',
  2030: '0203 0509 0912',
  2031: '0123 0528 1001',
  2032: '0211 0516 0919',
  2033: '0131 0506 0908',
  2034: '0219 0525 0927',
  2035: '0208 0515 0916',
  2036: '0128 0503 1004',
  2037: '0215 0522 0924',
  2038: '0204 0511 0913',
  2039: '0124 0430 1002',
  2040: '0212 0518 0921',
  2041: '0201 0507 0910',
  2042: '0122 0526 0928',
  2043: '0210 0516 0917',
  2044: '0130 0505 1005',
  2045: '0217 0524 0925',
  2046: '0206 0513 0915',
  2047: '0126 0502 1004',
  2048: '0214 0520 0922',
  2049: '0202 0509 0911',
  2050: '0123 0528 0930',
  2051: '0211 0517 0919',
  2052: '0201 0506 0907',
  2053: '0219 0525 0926',
  2054: '0208 0515 0916',
  2055: '0128 0504 1005',
  2056: '0215 0522 0924',
  2057: '0204 0511 0913',
  2058: '0124 0430 1002',
  2059: '0212 0519 0921',
  2060: '0202 0507 0909',
};
