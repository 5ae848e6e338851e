import { expect, test } from 'vitest';
import { type AdvisorySays, type RowSays, verdictOf } from './verdict.ts';

const process = '11111111-1111-4111-8111-111111111111';
const free: RowSays = { held: false, byRun: false, runState: null, processId: null, runningSec: null };
const byRun: RowSays = { held: true, byRun: true, runState: 'running', processId: process, runningSec: 60 };
const ours: AdvisorySays = { processId: process, known: true };
const unseen: AdvisorySays = { processId: null, known: false };
const outside: AdvisorySays = { processId: null, known: true };

test.each<[string, RowSays, AdvisorySays[], string]>([
  ['nobody', free, [], 'free'],
  ['a session outside', free, [outside], 'advisory_only'],
  ['a session of ours whose run has ended', free, [ours], 'disagree'],
  ['a run with its session', byRun, [ours], 'held'],
  ['a run with a session we may not see', byRun, [unseen], 'held'],
  ['a run that was just claimed', { ...byRun, runningSec: 1 }, [], 'row_only'],
  ['a run without its session', byRun, [], 'disagree'],
  ['a run while a session outside holds it', byRun, [outside], 'disagree'],
  [
    'a run that is about to begin',
    { ...byRun, runState: 'dispatched', processId: null, runningSec: null },
    [],
    'row_only',
  ],
  ['a run at a consumer outside', { ...byRun, processId: null, runningSec: 600 }, [], 'row_only'],
  ['a run that has ended', { ...byRun, runState: 'succeeded' }, [], 'disagree'],
  ['a run that was pruned', { ...byRun, runState: null }, [], 'disagree'],
  ['something that is no run', { ...free, held: true }, [], 'row_only'],
  ['something that is no run, with its own session', { ...free, held: true }, [outside], 'held'],
])('%s', (_, row, sessions, verdict) => {
  expect(verdictOf(row, sessions)).toBe(verdict);
});
