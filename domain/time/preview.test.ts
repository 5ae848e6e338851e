import { describe, expect, it } from 'vitest';
import { previewFires, previewMax } from './preview.ts';
import type { Schedule } from './schedule.ts';

const ny = (expr: string): Schedule => ({ kind: 'cron', expr, zone: 'America/New_York' });
const preview = (schedule: Schedule, from: string, count: number, zone = 'America/New_York') =>
  previewFires(schedule, { from: new Date(from), count, zone });

describe('previewFires', () => {
  it('gives each fire its trading day in the venue zone', () => {
    const { fires, skipped } = preview(
      { kind: 'cron', expr: '30 8 * * 1-5', zone: 'Asia/Seoul' },
      '2026-11-20T00:00:00Z',
      2,
      'Asia/Seoul',
    );
    expect(fires).toEqual([
      { at: new Date('2026-11-22T23:30:00Z'), trading_day: '2026-11-23', until: null },
      { at: new Date('2026-11-23T23:30:00Z'), trading_day: '2026-11-24', until: null },
    ]);
    expect(skipped).toEqual([]);
  });

  it('says where a fixed time moves to, and where it fires once of two', () => {
    expect(preview(ny('30 2 * * *'), '2027-03-12T12:00:00Z', 4).skipped).toEqual([
      {
        date: '2027-03-14',
        reason: {
          code: 'dst_moved',
          params: { times: '02:30', at: '03:00', zone: 'America/New_York' },
        },
      },
    ]);
    expect(preview(ny('30 1 * * *'), '2027-11-05T12:00:00Z', 4).skipped).toMatchObject([
      { date: '2027-11-07', reason: { code: 'dst_once', params: { times: '01:30' } } },
    ]);
  });

  it('lists the day on which a stepped time does not exist, and not one that fires anyway', () => {
    expect(preview(ny('*/30 2 * * *'), '2027-03-12T12:00:00Z', 6).skipped).toMatchObject([
      { date: '2027-03-14', reason: { code: 'dst_missing', params: { times: '02:00, 02:30' } } },
    ]);
    expect(preview(ny('*/30 * * * *'), '2027-03-14T05:00:00Z', 50).skipped).toEqual([]);
  });

  it('is bounded, and empty for schedules without fires of their own', () => {
    expect(
      preview({ kind: 'interval', seconds: 1, anchor: new Date(0) }, '2027-01-01T00:00:00Z', 9_999).fires,
    ).toHaveLength(previewMax);
    expect(preview({ kind: 'queue' }, '2027-01-01T00:00:00Z', 10)).toEqual({ fires: [], skipped: [] });
    expect(preview({ kind: 'none' }, '2027-01-01T00:00:00Z', 10)).toEqual({ fires: [], skipped: [] });
    expect(preview(ny('0 0 29 2 *'), '2027-01-01T00:00:00Z', 0).fires).toEqual([]);
    expect(preview(ny('0 0 29 2 *'), '2027-01-01T00:00:00Z', 200).fires).toHaveLength(200);
  });
});
