import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outcome, type RetryPolicy, retryDelaySec, settle } from './settle.ts';
import { isLegal } from './transition.ts';

const policy: RetryPolicy = { retryLimit: 3, retryDelaySec: 60, retryMaxDelaySec: 300, retryJitter: 0 };
const failed: Outcome = {
  kind: 'failed',
  reason: { code: 'exit_code', params: { exit_code: 1 } },
  retryable: true,
};
const lost: Outcome = { kind: 'lost', process: 'p1' };

describe('retryDelaySec', () => {
  it('doubles from 60 to 300', () => {
    expect([1, 2, 3, 4, 5, 100].map((n) => retryDelaySec(policy, n, 0))).toEqual([
      60, 120, 240, 300, 300, 300,
    ]);
  });

  it('stays between the share that jitter leaves and the maximum', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), share, share, (failures, retryJitter, random) => {
        const delay = retryDelaySec({ ...policy, retryJitter }, failures, random);
        const full = retryDelaySec(policy, failures, 0);
        expect(delay).toBeLessThanOrEqual(full);
        expect(delay).toBeGreaterThanOrEqual(full * (1 - retryJitter) - 1e-9);
      }),
    );
  });
});

describe('settle', () => {
  it('waits 60, 120 and 240 s, then quarantines', () => {
    const settled = [0, 1, 2, 3].map((before) => settle(failed, before, policy, 0));
    expect(settled.map(({ state, delaySec, failures }) => [state, delaySec, failures])).toEqual([
      ['waiting', 60, 1],
      ['waiting', 120, 2],
      ['waiting', 240, 3],
      ['quarantined', null, 4],
    ]);
    expect(settled[0]?.reason).toEqual({
      code: 'retry_wait',
      params: { exit_code: 1, cause: 'exit_code', failures: 1, limit: 3, delay_sec: 60 },
    });
    expect(settled[3]?.reason).toEqual({
      code: 'retries_exhausted',
      params: { exit_code: 1, failures: 4, cause: 'exit_code' },
    });
  });

  it('retry limit 0: fails with its cause, also when the process was lost', () => {
    const once = { ...policy, retryLimit: 0 };
    expect(settle(failed, 0, once, 0)).toEqual({
      state: 'failed',
      reason: failed.reason,
      failures: 1,
      delaySec: null,
    });
    expect(settle(lost, 0, once, 0)).toMatchObject({ state: 'failed', reason: { code: 'process_lost' } });
  });

  it('retries a lost process at once, but not for ever', () => {
    expect(settle(lost, 0, policy, 0)).toMatchObject({ state: 'ready', delaySec: 0, failures: 1 });
    expect(settle(lost, 3, policy, 0)).toMatchObject({ state: 'quarantined', delaySec: null, failures: 4 });
  });

  it('gives a run of a silent consumer on at once, and says who was silent', () => {
    const silent: Outcome = { kind: 'lease_expired', consumer: 'desk-1', leaseSec: 60 };
    const reason = { code: 'lease_expired', params: { consumer: 'desk-1', lease_sec: 60 } };
    expect(settle(silent, 0, policy, 0)).toEqual({ state: 'ready', reason, failures: 1, delaySec: 0 });
    expect(settle(silent, 3, policy, 0)).toMatchObject({
      state: 'quarantined',
      reason: { code: 'retries_exhausted', params: { cause: 'lease_expired', consumer: 'desk-1' } },
    });
  });

  it('quarantines at once what a retry cannot mend', () => {
    const outcome: Outcome = {
      kind: 'failed',
      reason: { code: 'invalid_params', params: {} },
      retryable: false,
    };
    expect(settle(outcome, 0, policy, 0)).toMatchObject({
      state: 'quarantined',
      reason: { code: 'invalid_params' },
    });
  });

  it('charges nothing for an attempt handed back, a success or a cancel', () => {
    expect(settle({ kind: 'handed_back' }, 2, policy, 0)).toMatchObject({
      state: 'ready',
      failures: 2,
      delaySec: 0,
    });
    expect(settle({ kind: 'succeeded' }, 2, policy, 0)).toMatchObject({ state: 'succeeded', failures: 2 });
    const reason = { code: 'cancelled_by' as const, params: { name: 'kim' } };
    expect(settle({ kind: 'cancelled', reason }, 2, policy, 0)).toMatchObject({
      state: 'cancelled',
      reason,
      failures: 2,
    });
  });

  it('says that a timeout was one', () => {
    expect(settle({ kind: 'timed_out', timeoutSec: 120 }, 0, policy, 0).reason).toMatchObject({
      code: 'retry_wait',
      params: { cause: 'timed_out', timeout_sec: 120 },
    });
  });

  it('always gives a legal next state of a running run, and ends after limit + 1 failures', () => {
    const failing = fc.constantFrom<Outcome>(failed, lost, { kind: 'timed_out', timeoutSec: 5 });
    const anyOutcome = fc.oneof(failing, fc.constant<Outcome>({ kind: 'handed_back' }));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.array(anyOutcome, { minLength: 30, maxLength: 60 }),
        (retryLimit, outcomes) => {
          let failures = 0;
          for (const outcome of outcomes) {
            const settled = settle(outcome, failures, { ...policy, retryLimit }, 0.5);
            expect(isLegal('running', settled.state)).toBe(true);
            expect(settled.failures).toBe(failures + (outcome.kind === 'handed_back' ? 0 : 1));
            expect(settled.delaySec === null).toBe(!['waiting', 'ready'].includes(settled.state));
            failures = settled.failures;
            if (settled.delaySec === null) break;
          }
          expect(failures).toBeLessThanOrEqual(retryLimit + 1);
        },
      ),
    );
  });
});
