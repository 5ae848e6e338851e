import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterTick,
  failingLimit,
  healthyAfterSec,
  newService,
  serviceHealth,
  serviceSilentSec,
  settleService,
  upcomingTick,
  viewOfService,
} from './service.ts';
import type { Outcome } from './settle.ts';
import { isLegal } from './transition.ts';

const start = new Date('2026-11-20T00:00:00Z');
const until = new Date('2026-11-20T06:30:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const policy = { retryLimit: 3, retryDelaySec: 60, retryMaxDelaySec: 300, retryJitter: 0 };
const ticking = (okAfter: number | null) => ({
  ...newService(5),
  ticks: 10,
  failures: 2,
  lastOkAt: okAfter === null ? null : later(okAfter).toISOString(),
});
const end = (okAfter: number | null, now: number) => ({
  service: ticking(okAfter),
  startedAt: start,
  until,
  now: later(now),
});
const lost: Outcome = { kind: 'lost', process: 'desk:1' };
const failed: Outcome = {
  kind: 'failed',
  reason: { code: 'service_failing', params: { failing: 4, message: 'x' } },
  retryable: true,
};
const session = (until.getTime() - start.getTime()) / 1_000;

describe('settleService', () => {
  it('goes on at once after a lost process, as often as one is lost in good health', () => {
    let failures = 0;
    for (let crash = 0; crash < 20; crash += 1) {
      const settled = settleService(lost, failures, policy, 0, end(100, 120));
      expect(settled).toMatchObject({ state: 'ready', failures: 0 });
      ({ failures } = settled);
    }
  });

  it('waits between the tries when each is lost soon after its start, and never gives up', () => {
    let failures = 0;
    const states = Array.from({ length: 8 }, () => {
      const settled = settleService(lost, failures, policy, 0, end(null, 3));
      ({ failures } = settled);
      return settled.state;
    });
    expect(states).toEqual(['ready', 'ready', 'ready', ...Array.from({ length: 5 }, () => 'waiting')]);
  });

  it('retries failing ticks by the policy, whose count starts anew after a healthy while', () => {
    expect(settleService(failed, 2, policy, 0, end(null, 50))).toMatchObject({
      state: 'waiting',
      failures: 3,
      delaySec: 240,
    });
    expect(settleService(failed, 3, policy, 0, end(null, 50))).toMatchObject({
      state: 'quarantined',
      failures: 4,
    });
    expect(settleService(failed, 3, policy, 0, end(healthyAfterSec, 50))).toMatchObject({
      state: 'waiting',
      failures: 1,
      delaySec: 60,
    });
  });

  it('fails when a retry could not start before the end, and is done when the end was reached', () => {
    expect(settleService(failed, 0, policy, 0, end(100, session - 30))).toMatchObject({
      state: 'failed',
      reason: { code: 'service_failed_at_end', params: { cause: 'service_failing', ticks: 10 } },
    });
    for (const outcome of [lost, { kind: 'handed_back' }, { kind: 'succeeded' }] as const)
      expect(settleService(outcome, 0, policy, 0, end(100, session))).toMatchObject({
        state: 'succeeded',
        reason: { code: 'service_finished', params: { ticks: 10, failures: 2 } },
      });
  });

  it('moves a running run legally and never plans a start past the end', () => {
    const outcomes = fc.constantFrom<Outcome>(
      lost,
      failed,
      { ...failed, retryable: false },
      { kind: 'timed_out', timeoutSec: 3 },
      { kind: 'handed_back' },
      { kind: 'succeeded' },
      { kind: 'cancelled', reason: { code: 'cancelled_by', params: {} } },
    );
    fc.assert(
      fc.property(
        outcomes,
        fc.nat(10),
        fc.nat(5),
        fc.integer({ min: 0, max: 30_000 }),
        fc.option(fc.integer({ min: 0, max: 30_000 })),
        (outcome, before, retryLimit, now, ok) => {
          const settled = settleService(outcome, before, { ...policy, retryLimit }, 0, end(ok, now));
          expect(isLegal('running', settled.state)).toBe(true);
          if (settled.state === 'waiting') expect(now + (settled.delaySec ?? 0)).toBeLessThan(session);
          if (outcome.kind === 'lost' || outcome.kind === 'handed_back')
            expect(settled.state).not.toBe('quarantined');
        },
      ),
    );
  });
});

describe('the counters', () => {
  it('count ticks, failures, and failures in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (results) => {
        const state = results.reduce(
          (before, ok, index) => afterTick(before, later(index), 1, ok ? null : 'no'),
          newService(1),
        );
        expect(state.ticks).toBe(results.length);
        expect(state.overruns).toBe(results.length);
        expect(state.failures).toBe(results.filter((ok) => !ok).length);
        expect(state.failing).toBe(results.length - 1 - results.lastIndexOf(true));
        expect(state.lastOkAt).toBe(
          results.includes(true) ? later(results.lastIndexOf(true)).toISOString() : null,
        );
      }),
    );
  });

  it('say how the service is', () => {
    const at = (age: number, failing: number) =>
      serviceHealth(
        viewOfService({ ...newService(5), ticks: 3, failing, heartbeatAt: start.toISOString() }, later(age)),
      );
    expect(at(1, 0)).toBe('ok');
    expect(at(1, 2)).toBe('failing');
    expect(at(serviceSilentSec + 1, 0)).toBe('silent');
    expect(serviceHealth(viewOfService(newService(5), start))).toBe('starting');
    expect([0, 2, 3, 9].map(failingLimit)).toEqual([3, 3, 4, 10]);
    const view = viewOfService({ ...newService(5), lastTickAt: later(12).toISOString() }, later(13));
    expect(upcomingTick(view, start, until)).toEqual(later(15));
    expect(upcomingTick(view, start, later(15))).toBeNull();
  });
});
