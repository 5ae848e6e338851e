import { describe, expect, it } from 'vitest';
import type { ControlView } from '#domain/accounts/control.ts';
import { actionsFor, isWaiting, stateOf, switchOf } from '#components/kill-switch/state.ts';

const control = (parts: Partial<ControlView>): ControlView => ({
  level: 'scope',
  subject: 'mock',
  mode: 'running',
  flatten: false,
  reason: null,
  actor: null,
  at: null,
  version: 1,
  carried_out_at: null,
  ...parts,
});

describe('a kill switch', () => {
  it('tells selling from having sold', () => {
    const flatten = control({ mode: 'stopped', flatten: true });
    expect(stateOf(flatten)).toBe('flattening');
    expect(stateOf({ ...flatten, carried_out_at: '2026-11-20T01:00:00Z' })).toBe('flattened');
  });

  it('is not yet carried out while nobody can send, and only when it asks for something', () => {
    const set = control({ mode: 'entries_stopped' });
    expect(isWaiting(set, false)).toBe(true);
    expect(isWaiting(set, true)).toBe(false);
    expect(isWaiting({ ...set, carried_out_at: '2026-11-20T01:00:00Z' }, false)).toBe(false);
    expect(isWaiting(control({}), false)).toBe(false);
  });

  it('can always be resumed once it is thrown, and always be made stricter while it is not', () => {
    expect(actionsFor('running')).not.toContain('resume');
    for (const state of ['entries_stopped', 'stopped', 'flattening', 'flattened'] as const)
      expect(actionsFor(state)).toContain('resume');
    expect(actionsFor('stopped')).toContain('flatten');
  });

  it('of a trader that is not listed runs', () => {
    const controls = {
      now: '2026-11-20T01:00:00Z',
      scope: control({}),
      others: [control({ level: 'trader', subject: 't1', mode: 'stopped' })],
      gateways_live: true,
      open_orders: 0,
      positions: 0,
      traders: 1,
    };
    expect(switchOf(controls, 'trader', 't1')).toBe('stopped');
    expect(switchOf(controls, 'trader', 't2')).toBe('running');
    expect(switchOf(controls, 'account', 't1')).toBe('running');
  });
});
