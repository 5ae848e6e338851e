import { describe, expect, it } from 'vitest';
import { strategyNames } from '#domain/strategies/registry.ts';
import en from '#messages/en.json' with { type: 'json' };
import ko from '#messages/ko.json' with { type: 'json' };
import { filterFields, isShare, limitFields, paramFields, ruleFields } from './fields.ts';

const fields = [...ruleFields, ...limitFields, ...filterFields, ...strategyNames.flatMap(paramFields)];

const of = (name: string) => fields.find((field) => field.name === name);

describe('the fields of a trader', () => {
  it('are asked for by their kind, with their bounds and defaults', () => {
    expect(of('stop_loss')).toMatchObject({ kind: 'number', nullable: true, fallback: 0.03, min: 0, max: 1 });
    expect(of('capital_per_position')).toMatchObject({ kind: 'money', nullable: false });
    expect(of('daily_loss')).toMatchObject({ kind: 'money', nullable: true, fallback: null });
    expect(of('change_min')).toMatchObject({ kind: 'number', nullable: true, fallback: 0 });
    expect(of('markets')).toMatchObject({ kind: 'list', fallback: [] });
    expect(of('score')).toMatchObject({ kind: 'choice', choices: ['value', 'volume_surge', 'momentum'] });
    expect(of('include_wicks')).toMatchObject({ kind: 'boolean', fallback: true });
    expect(of('num_bins')).toMatchObject({ kind: 'integer', min: 1, max: 1_000 });
    for (const { name, kind, max } of fields)
      if (isShare(name)) expect([kind, max === null || max <= 100]).toEqual(['number', true]);
  });

  it('have a name and a hint in both languages, and so have their choices and every strategy', () => {
    for (const messages of [en, ko]) {
      const texts: Readonly<
        Record<string, { label: string; hint: string; choices?: Record<string, string> }>
      > = messages.trader_fields;
      for (const { name, choices } of fields) {
        expect(texts[name]?.label, name).toBeTruthy();
        expect(texts[name]?.hint, name).toBeTruthy();
        for (const choice of choices)
          expect(texts[name]?.choices?.[choice], `${name} ${choice}`).toBeTruthy();
      }
      expect(Object.keys(messages.strategies).toSorted()).toEqual([...strategyNames].toSorted());
    }
  });
});
