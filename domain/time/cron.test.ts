import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronIssue, newestCrons, nextCron } from './cron.ts';
import { cronFires, cronText, oracleZones } from './cron-oracle.test-kit.ts';

const iso = (at: Date | null) => at?.toISOString().slice(0, 19) ?? null;

function nexts(expr: string, zone: string, after: string, count: number): (string | null)[] {
  const fires: (string | null)[] = [];
  let at: Date | null = new Date(after);
  for (let i = 0; i < count && at !== null; i += 1) {
    at = nextCron(expr, zone, at);
    fires.push(iso(at));
  }
  return fires;
}

describe('cronIssue', () => {
  it.each([
    '* * * * *',
    '1 * * * *',
    '1,16,31,46 * * * *',
    '*/10 * * * *',
    '30 8 * * 1-5',
    '0 30 8 * * MON-FRI',
    '0 0 1 jan-mar,DEC *',
    '0 0 * * SUN-FRI',
    '0 0 * * FRI-SUN',
    '0 0 * * 0,7',
    '0-30/5 9-15 * * 1-5',
    '0 0 29 2 *',
    '0 0 31 * *',
    '0 0 30 2 1',
    ' 5  8 * * * ',
    '@hourly',
    '@Daily',
  ])('takes %s', (expr) => {
    expect(cronIssue(expr)).toBeNull();
    expect(nextCron(expr, 'Asia/Seoul', new Date('2026-11-20T00:00:00Z'))).not.toBeNull();
  });

  it.each([
    ['61 8 * * 1-5', 'cron_out_of_range', 'minute 61 is outside 0-59'],
    ['0 24 * * *', 'cron_out_of_range', 'hour 24 is outside 0-23'],
    ['60 * * * * *', 'cron_out_of_range', 'second 60 is outside 0-59'],
    ['0 0 0 * *', 'cron_out_of_range', 'day of month 0 is outside 1-31'],
    ['0 0 * 13 *', 'cron_out_of_range', 'month 13 is outside 1-12'],
    ['0 0 * * 8', 'cron_out_of_range', 'day of week 8 is outside 0-7'],
    ['*/0 * * * *', 'cron_out_of_range', 'minute step 0 is outside 1-60'],
    ['*/99 * * * *', 'cron_out_of_range', 'minute step 99 is outside 1-60'],
    ['* * * *', 'cron_field_count', 'a cron expression has 5 fields, or 6 with seconds first, not 4'],
    ['* * * * * * *', 'cron_field_count', 'a cron expression has 5 fields, or 6 with seconds first, not 7'],
    ['', 'cron_field_count', 'a cron expression has 5 fields, or 6 with seconds first, not 0'],
    ['0 0 30 2 *', 'cron_never_fires', 'day 30 of month 2 does not exist: this never fires'],
    [
      '0 0 31 2,4,6,9,11 *',
      'cron_never_fires',
      'day 31 of month 2,4,6,9,11 does not exist: this never fires',
    ],
    ['0 0 * * MONDAY', 'cron_syntax', 'day of week "MONDAY" is not a number, name, range, step or list'],
    ['5/10 * * * *', 'cron_syntax', 'minute "5/10" is not a number, name, range, step or list'],
    ['0 22-4 * * *', 'cron_syntax', 'hour "22-4" is not a number, name, range, step or list'],
    ['1,,2 * * * *', 'cron_syntax', 'minute "" is not a number, name, range, step or list'],
    ['0 0 L * *', 'cron_syntax', 'day of month "L" is not a number, name, range, step or list'],
    ['0 0 * * 1#2', 'cron_syntax', 'day of week "1#2" is not a number, name, range, step or list'],
    ['0 0 ? * *', 'cron_syntax', 'day of month "?" is not a number, name, range, step or list'],
    ['-1 0 * * *', 'cron_syntax', 'minute "" is not a number, name, range, step or list'],
  ])('refuses %s: %s', (expr, code, message) => {
    expect(cronIssue(expr)).toMatchObject({ code, message });
  });

  it('refuses @reboot and the over-long', () => {
    expect(cronIssue('@reboot')).toMatchObject({ code: 'cron_macro', params: { value: '@reboot' } });
    expect(cronIssue(`${'1,'.repeat(100)}1 * * * *`)).toMatchObject({
      code: 'cron_too_long',
      params: { max: 200 },
    });
  });

  it('carries params to render from', () => {
    expect(cronIssue('61 8 * * 1-5')?.params).toEqual({ field: 'minute', value: '61', min: 0, max: 59 });
  });

  it('answers any text without throwing, and what it takes can be scheduled', () => {
    const word = fc.string({ unit: fc.constantFrom(...'0123456789*,-/MONJA@#L '.split('')), maxLength: 30 });
    fc.assert(
      fc.property(word, (text) => {
        if (cronIssue(text) === null) nextCron(text, 'Asia/Seoul', new Date('2027-01-01T00:00:00Z'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('throws for what should never have got in', () => {
    expect(() => nextCron('61 * * * *', 'Asia/Seoul', new Date(0))).toThrow('minute 61 is outside 0-59');
    expect(() => nextCron('1 * * * *', 'Nowhere/Town', new Date(0))).toThrow();
  });
});

describe('nextCron', () => {
  it('fires one minute after each hour and after each quarter', () => {
    const from = '2026-11-20T00:00:00Z';
    expect(nexts('1 * * * *', 'Asia/Seoul', from, 2)).toEqual(['2026-11-20T00:01:00', '2026-11-20T01:01:00']);
    expect(nexts('1,16,31,46 * * * *', 'Asia/Seoul', from, 5)).toEqual([
      '2026-11-20T00:01:00',
      '2026-11-20T00:16:00',
      '2026-11-20T00:31:00',
      '2026-11-20T00:46:00',
      '2026-11-20T01:01:00',
    ]);
  });

  it('is strictly after, to the millisecond', () => {
    expect(nexts('30 8 * * 1-5', 'Asia/Seoul', '2026-11-19T23:29:59.999Z', 1)).toEqual([
      '2026-11-19T23:30:00',
    ]);
    expect(nexts('30 8 * * 1-5', 'Asia/Seoul', '2026-11-19T23:30:00.000Z', 1)).toEqual([
      '2026-11-22T23:30:00',
    ]);
    expect(nexts('* * * * * *', 'Asia/Seoul', '2026-11-19T23:30:00.500Z', 1)).toEqual([
      '2026-11-19T23:30:01',
    ]);
  });

  it('with both day fields restricted fires on either; with a starred one on both', () => {
    expect(nexts('0 0 1 * 1', 'UTC', '2026-11-29T12:00:00Z', 3)).toEqual([
      '2026-11-30T00:00:00',
      '2026-12-01T00:00:00',
      '2026-12-07T00:00:00',
    ]);
    expect(nexts('0 0 */2 * 1', 'UTC', '2026-11-29T12:00:00Z', 2)).toEqual([
      '2026-12-07T00:00:00',
      '2026-12-21T00:00:00',
    ]);
  });

  it('finds 29 February years ahead', () => {
    expect(nexts('0 0 29 2 *', 'UTC', '2097-01-01T00:00:00Z', 1)).toEqual(['2104-02-29T00:00:00']);
  });

  const gapDay = '2027-03-14T05:00:00Z';
  it('fires a fixed time that does not exist once, at the jump', () => {
    expect(nexts('30 2 * * *', 'America/New_York', gapDay, 2)).toEqual([
      '2027-03-14T07:00:00',
      '2027-03-15T06:30:00',
    ]);
    expect(nexts('15,45 2 * * *', 'America/New_York', gapDay, 2)).toEqual([
      '2027-03-14T07:00:00',
      '2027-03-15T06:15:00',
    ]);
    expect(nexts('30 1-3 * * *', 'America/New_York', gapDay, 4)).toEqual([
      '2027-03-14T06:30:00',
      '2027-03-14T07:00:00',
      '2027-03-14T07:30:00',
      '2027-03-15T05:30:00',
    ]);
  });

  it('skips the missing hour of a repeating job', () => {
    expect(nexts('*/30 * * * *', 'America/New_York', '2027-03-14T06:00:00Z', 3)).toEqual([
      '2027-03-14T06:30:00',
      '2027-03-14T07:00:00',
      '2027-03-14T07:30:00',
    ]);
    expect(nexts('*/30 2 * * *', 'America/New_York', gapDay, 1)).toEqual(['2027-03-15T06:00:00']);
  });

  it('fires a doubled fixed time once, the first time, and repeats through for the others', () => {
    const from = '2027-11-07T05:00:00Z';
    expect(nexts('30 1 * * *', 'America/New_York', from, 2)).toEqual([
      '2027-11-07T05:30:00',
      '2027-11-08T06:30:00',
    ]);
    expect(nexts('15,45 1 * * *', 'America/New_York', from, 3)).toEqual([
      '2027-11-07T05:15:00',
      '2027-11-07T05:45:00',
      '2027-11-08T06:15:00',
    ]);
    expect(nexts('30 * * * *', 'America/New_York', from, 3)).toEqual([
      '2027-11-07T05:30:00',
      '2027-11-07T06:30:00',
      '2027-11-07T07:30:00',
    ]);
  });

  it('agrees with stepping through every minute, across clock changes', { timeout: 60_000 }, () => {
    const windows = [
      ['2027-03-13T00:00:00Z', 2],
      ['2027-11-06T00:00:00Z', 2],
      ['2027-03-27T00:00:00Z', 2],
      ['2027-10-30T00:00:00Z', 2],
      ['2028-02-28T00:00:00Z', 2],
    ] as const;
    fc.assert(
      fc.property(
        cronText,
        fc.constantFrom(...oracleZones),
        fc.constantFrom(...windows),
        (expr, zone, [from, days]) => {
          const start = new Date(from);
          const end = new Date(start.getTime() + days * 86_400_000);
          const expected = cronFires(expr, zone, start, end);
          const forward: Date[] = [];
          for (let at = nextCron(expr, zone, start); at !== null && at <= end; at = nextCron(expr, zone, at))
            forward.push(at);
          expect(forward.map(iso)).toEqual(expected.map(iso));
          const backward = newestCrons(expr, zone, start, new Date(end.getTime() + 1), expected.length + 1);
          expect(backward.filter((at) => at > start).map(iso)).toEqual(expected.map(iso));
        },
      ),
      { numRuns: 50 },
    );
  });
});
