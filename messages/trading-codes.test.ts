import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { candleProblemCodes } from '#domain/market/candle-problem.ts';
import type { MatchingReason } from '#domain/market/trading-phase.ts';
import type { RefusalCode } from '#domain/orders/event.ts';
import type { Drift } from '#domain/orders/reconcile.ts';
import type { WriteAnswer } from '#domain/orders/sending.ts';
import type { Resolution } from '#domain/orders/unknown.ts';
import { undefinedReason } from '#domain/performance/measure.ts';
import type { Protection } from '#domain/risk/protection.ts';
import { passCodes } from '#domain/strategies/candidates.ts';
import { signalCodes } from '#domain/strategies/strategy.ts';
import { phaseNames } from '#domain/time/calendar/plan.ts';
import { runtimeCodes, traderCodes } from '#domain/traders/reasons.ts';
import en from '#messages/en.json' with { type: 'json' };
import ko from '#messages/ko.json' with { type: 'json' };

/** Unions without a list at run time: a member that is not named here does not compile. */
const refusals: Record<RefusalCode, true> = {
  illegal_move: true,
  order_over: true,
  order_not_intent: true,
  order_not_at_broker: true,
  order_not_unknown: true,
  attempt_number: true,
  attempt_not_open: true,
  attempt_unsettled: true,
  deadline_passed: true,
  revise_quantity: true,
  fenced_out: true,
  broker_order_not_owned: true,
  broker_order_taken: true,
  broker_order_differs: true,
  report_overfilled: true,
  report_amount: true,
  report_negative: true,
  report_unbalanced: true,
};
const withheld: Record<Extract<WriteAnswer, { may: false }>['code'], true> = {
  deadline_passed: true,
  fenced_out: true,
  attempt_not_open: true,
  gateway_replaced: true,
};
const waits: Record<Extract<Resolution, { kind: 'wait' }>['why'], true> = {
  sender_alive: true,
  deadline_ahead: true,
  looks_missing: true,
  sellable_unknown: true,
};
const protections: Record<Protection['code'], true> = {
  daily_loss: true,
  consecutive_losses: true,
  cooldown: true,
  max_drawdown: true,
};
const drifts: Record<Drift['kind'], true> = {
  order_report: true,
  order_missing: true,
  quantity: true,
  average: true,
  cash: true,
};
const explained: Record<NonNullable<Drift['explained']>, true> = {
  unknown_order: true,
  in_flight: true,
  external_order: true,
  rounding: true,
};
const interruptions: Record<Exclude<MatchingReason, (typeof phaseNames)[number]>, true> = {
  market_closed: true,
  halted: true,
  vi: true,
  not_in_this_session: true,
};

const tables: readonly [name: keyof typeof en, codes: readonly string[]][] = [
  ['reasons', traderCodes],
  ['reasons', runtimeCodes],
  ['reasons', signalCodes],
  ['reasons', passCodes],
  ['reasons', undefinedReason.options],
  ['reasons', Object.keys(refusals)],
  ['reasons', Object.keys(withheld)],
  ['reasons', Object.keys(waits)],
  ['reasons', Object.keys(protections)],
  ['reasons', Object.keys(drifts).map((kind) => `drift_${kind}`)],
  ['reasons', Object.keys(explained).map((code) => `explained_${code}`)],
  ['reason_words', [...phaseNames, ...Object.keys(interruptions), 'buy', 'sell']],
  ['candle_problems', candleProblemCodes],
];

const rooms = [
  'domain/accounts',
  'domain/ledger',
  'domain/orders',
  'domain/risk',
  'domain/strategies',
  'domain/traders',
  'db/accounts',
  'db/alerts',
  'db/ledger',
  'db/orders',
  'db/traders',
  'db/simulated',
  'worker/brokers',
  'worker/trading',
];

/** Codes written out in the rooms of trading: what is told a person there, and what is refused. */
function codesIn(pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  for (const room of rooms) {
    for (const name of filesOf(room)) {
      const source = readFileSync(name, 'utf8');
      for (const [, code = ''] of source.matchAll(pattern)) found.set(code, name);
    }
  }
  return found;
}

function filesOf(room: string): string[] {
  try {
    return readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.(test|test-kit)\.ts$/.test(name))
      .map((name) => join(room, name));
  } catch {
    // Not every room has been furnished.
    return [];
  }
}

const has = (table: object, code: string) => Object.hasOwn(table, code);

describe('texts of trading', () => {
  it.each(tables)('stand in both languages: %s', (name, codes) => {
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !has(en[name], code) || !has(ko[name], code))).toEqual([]);
  });

  it('exist for every check of risk', () => {
    const codes = [...codesIn(/\bno\('(\w+)'/g).keys()];
    expect(codes.length).toBeGreaterThan(8);
    expect(codes.filter((code) => !has(en.reasons, code))).toEqual([]);
  });

  it('exist for every reason that the rooms of trading give', () => {
    const given = new Map([
      ...codesIn(/\bcode: '(\w+)'/g),
      ...codesIn(/\breasonOf\('(\w+)'/g),
      ...codesIn(/\brejected\('(\w+)'/g),
    ]);
    // Of zod: its `params.code` is ours.
    given.delete('custom');
    const missing = [...given].filter(([code]) => !has(en.reasons, code) && !has(en.errors, code));
    expect(missing).toEqual([]);
  });

  it('exist for every refusal of an operation', () => {
    const refused = new Map([
      ...codesIn(/\bconflict\(\s*'(\w+)'/g),
      ...codesIn(/\binvalidField\(\s*[^,]+,\s*'(\w+)'/g),
      ...codesIn(/\bnew Problem\(\s*'\w+',\s*'(\w+)'/g),
      ...[...codesIn(/\bnotFound\(\s*'(\w+)'/g)].map(([entity, file]): [string, string] => [
        `${entity}_not_found`,
        file,
      ]),
    ]);
    expect([...refused].filter(([code]) => !has(en.errors, code))).toEqual([]);
  });
});
