import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDefinitions, edit, jobFields, registration, scheduleKind } from './definition.ts';

const crawler = {
  job_id: 'news-crawler',
  queue: 'real.jobs.news-crawler',
  cron_expr: '*/10 * * * *',
  reschedule_mode: 'scheduler',
  interval_seconds: 600,
  description: '뉴스 크롤링 자동 실행',
  enabled: true,
};
const complete = jobFields.parse({ task: 'command', queue: 'real.jobs.a' });

function issuesOf(result: { success: boolean; error?: { issues: unknown[] } | undefined }): unknown[] {
  return result.success ? [] : (result.error?.issues ?? []);
}

describe('registration', () => {
  it('takes a body as scripts send it, and fills in the defaults', () => {
    expect(registration.parse(crawler)).toMatchObject({
      ...crawler,
      calendar: null,
      on_closed: 'skip',
      window: null,
      max_parallel: 1,
      overlap: 'skip',
      misfire: 'run_latest',
      timeout_sec: 120,
      retry_limit: 3,
      retry_delay_sec: 60,
      retry_max_delay_sec: 300,
      retry_jitter: 0,
      priority: 2,
      resource_group: null,
    });
  });

  it('leaves task, queue and time zone to the operation', () => {
    const body = registration.parse({ job_id: 'a' });
    expect([body.task, body.queue, body.params, body.time_zone]).toEqual(Array.from({ length: 4 }));
  });

  it('knows default_params as params, but not both', () => {
    expect(registration.parse({ job_id: 'a', default_params: { symbol: '005930' } })).toMatchObject({
      params: { symbol: '005930' },
    });
    expect(registration.parse({ job_id: 'a', default_params: {} })).not.toHaveProperty('default_params');
    expect(issuesOf(registration.safeParse({ job_id: 'a', default_params: {}, params: {} }))).toMatchObject([
      { path: ['default_params'], params: { code: 'alias_twice' } },
    ]);
  });

  it('refuses an unknown field by name', () => {
    expect(issuesOf(registration.safeParse({ ...crawler, cron: '* * * * *' }))).toMatchObject([
      { code: 'unrecognized_keys', keys: ['cron'] },
    ]);
  });

  it.each([
    ['61 8 * * 1-5', { code: 'cron_out_of_range', field: 'minute' }, 'minute 61 is outside 0-59'],
    ['* * *', { code: 'cron_field_count', count: 3 }, '5 fields'],
    ['0 0 30 2 *', { code: 'cron_never_fires' }, 'never fires'],
  ])('names cron_expr when it is %s', (cron_expr, params, message) => {
    expect(issuesOf(registration.safeParse({ ...crawler, cron_expr }))).toMatchObject([
      { path: ['cron_expr'], params, message: expect.stringContaining(message) },
    ]);
  });

  it('reports an over-long cron expression once', () => {
    expect(
      issuesOf(registration.safeParse({ ...crawler, cron_expr: `${'1,'.repeat(200)}1 * * * *` })),
    ).toMatchObject([{ path: ['cron_expr'] }]);
  });

  it.each(['Seoul', '', '+09:00'])('refuses the time zone "%s"', (time_zone) => {
    expect(issuesOf(registration.safeParse({ ...crawler, time_zone }))).toMatchObject([
      { path: ['time_zone'], params: { code: 'time_zone_unknown' } },
    ]);
  });

  it.each(['', 'Upper', '-dash', 'a'.repeat(101), 'sp ace', '뉴스'])('refuses the job id "%s"', (job_id) => {
    expect(registration.safeParse({ job_id }).success).toBe(false);
  });
});

describe('candle and session', () => {
  it.each([
    [{ candle: '1h + 60s' }, { candle: { interval: '1h', buffer_sec: 60 } }],
    [{ candle: '15m' }, { candle: { interval: '15m', buffer_sec: 0 } }],
    [{ candle: '1d+5m' }, { candle: { interval: '1d', buffer_sec: 300 } }],
    [{ session: 'close - 10m' }, { session: { anchor: 'close', offset_min: -10 } }],
    [{ session: 'open + 1h' }, { session: { anchor: 'open', offset_min: 60 } }],
    [{ session: { anchor: 'continuous_close' } }, { session: { anchor: 'continuous_close', offset_min: 0 } }],
  ])('%j', (given, expected) => {
    expect(registration.parse({ job_id: 'a', ...given })).toMatchObject(expected);
    expect(edit.parse(given)).toEqual(expected);
  });

  it.each([
    ['candle', '2h', ['candle', 'interval']],
    ['candle', 'soon', ['candle']],
    ['candle', '1h + 99999s', ['candle', 'buffer_sec']],
    ['session', 'noon - 5m', ['session']],
    ['session', 'close - 13h', ['session', 'offset_min']],
    ['window', '15:30-15:30', ['window']],
    ['window', '9:00-15:30', ['window']],
  ])('refuses %s "%s"', (field, text, path) => {
    expect(issuesOf(registration.safeParse({ job_id: 'a', [field]: text }))).toMatchObject([{ path }]);
  });
});

describe('edit', () => {
  const partial = fc.record(
    {
      enabled: fc.boolean(),
      priority: fc.integer({ min: 0, max: 3 }),
      cron_expr: fc.constantFrom(null, '1 * * * *'),
      retry_limit: fc.integer({ min: 0, max: 100 }),
    },
    { requiredKeys: [] },
  );

  it('is what was named and nothing else: no default slips in', () => {
    fc.assert(
      fc.property(partial, (body) => {
        expect(edit.parse(body)).toEqual(body);
      }),
    );
    expect(edit.parse({})).toEqual({});
  });

  it('takes the version it was made against, and the alias', () => {
    expect(edit.parse({ version: 3, default_params: { a: 1 } })).toEqual({ version: 3, params: { a: 1 } });
    expect(edit.safeParse({ version: 0 }).success).toBe(false);
  });

  it('refuses the unknown, the renaming of a job and null where there is none', () => {
    expect(edit.safeParse({ nonsense: 1 }).success).toBe(false);
    expect(edit.safeParse({ job_id: 'b' }).success).toBe(false);
    expect(edit.safeParse({ enabled: null }).success).toBe(false);
  });

  it('still checks what it names', () => {
    expect(issuesOf(edit.safeParse({ cron_expr: '61 8 * * 1-5' }))).toMatchObject([{ path: ['cron_expr'] }]);
    expect(issuesOf(edit.safeParse({ time_zone: 'Seoul' }))).toMatchObject([{ path: ['time_zone'] }]);
    expect(edit.parse({ cron_expr: null })).toEqual({ cron_expr: null });
  });
});

describe('scheduleKind', () => {
  it('is decided by mode, then cron, then interval', () => {
    const none = {
      cron_expr: null,
      interval_seconds: null,
      candle: null,
      session: null,
      reschedule_mode: 'scheduler',
      mode: 'runs',
    } as const;
    expect(scheduleKind(none)).toBe('none');
    expect(scheduleKind({ ...none, interval_seconds: 5 })).toBe('interval');
    expect(scheduleKind({ ...none, interval_seconds: 5, mode: 'service' })).toBe('service');
    expect(scheduleKind({ ...none, interval_seconds: 5, cron_expr: '* * * * *' })).toBe('cron');
    expect(
      scheduleKind({ ...none, interval_seconds: 5, cron_expr: '* * * * *', reschedule_mode: 'queue' }),
    ).toBe('queue');
  });
});

describe('compareDefinitions', () => {
  it('lists the fields that differ, in the order of the form', () => {
    const after = { ...complete, retry_limit: 0, cron_expr: '1 * * * *', params: { a: 1 } };
    expect(compareDefinitions(complete, after)).toEqual([
      { field: 'params', before: {}, after: { a: 1 } },
      { field: 'cron_expr', before: null, after: '1 * * * *' },
      { field: 'retry_limit', before: 3, after: 0 },
    ]);
    expect(compareDefinitions(after, after)).toEqual([]);
  });

  it('takes params for equal whatever the order of their keys', () => {
    const before = { ...complete, params: { a: 1, b: { c: 1, d: [1, 2] } } };
    expect(compareDefinitions(before, { ...complete, params: { b: { d: [1, 2], c: 1 }, a: 1 } })).toEqual([]);
    expect(
      compareDefinitions(before, { ...complete, params: { a: 1, b: { c: 1, d: [2, 1] } } }),
    ).toHaveLength(1);
  });
});
