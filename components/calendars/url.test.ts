import { expect, test } from 'vitest';
import { addDays, addMonths, rangeOf, shownOf, weeksOf } from './url.ts';

test('months begin on their weekday and end on their last day', () => {
  expect(rangeOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  const weeks = weeksOf('2026-11');
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
  expect(weeks.at(-1)?.[0]).toBe('2026-11-30');
});

test('months are gone through by their days, within the years', () => {
  expect(addMonths('2026-10-31', 1)).toBe('2026-11-30');
  expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
  expect(addDays('2015-01-01', -1)).toBe('2015-01-01');
});

test('what the URL has wrong is passed over', () => {
  const today = '2026-11-21';
  expect(shownOf({ month: null, day: null }, today)).toEqual({ month: '2026-11', day: today });
  expect(shownOf({ month: '2026-08', day: null }, today)).toEqual({ month: '2026-08', day: '2026-08-01' });
  expect(shownOf({ month: '2026-99', day: 'soon' }, today)).toEqual({ month: '2026-11', day: today });
  expect(shownOf({ month: null, day: '1999-01-01' }, today)).toEqual({ month: '2026-11', day: today });
});
