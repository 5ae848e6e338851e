import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import type { Schedule } from '#domain/time/schedule.ts';
import { plannedBetween, plannedMax } from './planned.ts';

const zone = 'Asia/Seoul';
const at = (text: string) => new Date(`${text}+09:00`);
const range = { from: at('2026-11-20T00:00'), to: at('2026-11-21T00:00'), zone };
const krx = builtinCalendar('XKRX');
const cron = (expr: string): Schedule => ({
  kind: 'cron',
  expr,
  zone,
  bounds: { calendar: krx, onClosed: 'skip', window: 'session', zone },
});

describe('plannedBetween', () => {
  it('lists few fires one by one, from where the schedule stands', () => {
    const due = at('2026-11-20T11:00');
    expect(plannedBetween(cron('0 9-15 * * 1-5'), due, range)).toEqual({
      fires: [11, 12, 13, 14, 15].map((hour) => at(`2026-11-20T${hour}:00`)),
      bands: [],
    });
  });

  it('takes the stored due time for a fire, even one the schedule would not make', () => {
    const due = at('2026-11-20T14:07');
    expect(plannedBetween(cron('0 9-15 * * 1-5'), due, range).fires).toEqual([due, at('2026-11-20T15:00')]);
    expect(plannedBetween({ kind: 'queue' }, due, range).fires).toEqual([due]);
    expect(plannedBetween({ kind: 'queue' }, null, range)).toEqual({ fires: [], bands: [] });
  });

  it('makes a band of many, one for each day', () => {
    const due = at('2026-11-20T09:00');
    const { fires, bands } = plannedBetween(cron('* 9-15 * * 1-5'), due, {
      ...range,
      to: at('2026-11-24T00:00'),
    });
    expect(fires).toEqual([due]);
    expect(bands).toEqual([
      { from: at('2026-11-20T09:01'), to: at('2026-11-20T15:30'), count: 390, more: false, everySec: 60 },
      { from: at('2026-11-23T09:00'), to: at('2026-11-23T15:30'), count: 391, more: false, everySec: 60 },
    ]);
  });

  it('leaves out what is before the range and after it', () => {
    const hourly: Schedule = { kind: 'cron', expr: '0 * * * *', zone };
    const { fires, bands } = plannedBetween(hourly, at('2026-11-01T00:00'), range);
    expect([fires.length, bands.length]).toEqual([25, 0]);
    expect(fires.length).toBeLessThanOrEqual(plannedMax);
    expect(plannedBetween(hourly, at('2026-11-21T01:00'), range)).toEqual({ fires: [], bands: [] });
  });
});
