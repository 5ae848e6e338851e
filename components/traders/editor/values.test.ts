import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNames } from '#domain/strategies/registry.ts';
import { type TraderDefinition, traderDefinition } from '#domain/traders/definition.ts';
import type { TraderView } from '#domain/traders/view.ts';
import { blankDraft, definitionOf, draftOfTrader } from './values.ts';

const shares = fc.integer({ min: 1, max: 99 }).map((n) => n / 100);
const definitions = fc
  .record({
    name: fc.constantFrom('Zone', '거래대금 1'),
    strategy: fc.constantFrom(...strategyNames),
    interval: fc.constantFrom('1m', '5m'),
    scan_interval_sec: fc.integer({ min: 5, max: 3_600 }),
    rules: fc.record({
      capital_per_position: fc.constantFrom('1000000', '2500000.5'),
      stop_loss: fc.option(shares),
      take_profit: fc.option(shares),
      flatten_daily: fc.boolean(),
      exit_ticks: fc.nat({ max: 100 }),
    }),
    limits: fc.record({ daily_loss: fc.option(fc.constant('300000')), max_drawdown: fc.option(shares) }),
    filter: fc.record({
      price_min: fc.nat({ max: 5_000 }),
      change_min: fc.option(fc.integer({ min: -20, max: 0 }).map((n) => n / 100)),
      markets: fc.subarray(['KOSPI', 'KOSDAQ']),
      deny: fc.subarray(['005930', '000660']),
    }),
  })
  .map((raw): TraderDefinition => traderDefinition.parse(raw));

const viewOf = (definition: TraderDefinition) =>
  ({ trader_id: 't', account: 'main', definition }) as TraderView;

describe('the form of a trader', () => {
  it('gives back every definition that it shows', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const back = traderDefinition.parse(definitionOf(draftOfTrader(viewOf(definition))));
        // What is stored may leave parameters at their defaults; the form names each.
        expect({ ...back, params: { ...back.params, ...definition.params } }).toEqual({
          ...definition,
          params: back.params,
        });
      }),
    );
  });

  it('begins with what the schemas say, and names what is wrong by its field', () => {
    for (const strategy of strategyNames) {
      const draft = { ...blankDraft('main', strategy), name: 'New' };
      expect(traderDefinition.safeParse(definitionOf(draft)).success, strategy).toBe(true);
    }
    const wrong = {
      ...blankDraft('main', 'SmaCross'),
      name: '',
      params: { fast: '30', slow: '10' },
      rules: { ...blankDraft('main', 'SmaCross').rules, stop_loss: 'much' },
    };
    const issues = traderDefinition.safeParse(definitionOf(wrong)).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['name', 'rules.stop_loss']),
    );
  });
});
