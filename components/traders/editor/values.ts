import type { TraderDefinition } from '#domain/traders/definition.ts';
import type { TraderView } from '#domain/traders/view.ts';
import { type FormField, filterFields, isShare, limitFields, paramFields, ruleFields } from '../fields.ts';

/** What a control holds: text as it is typed, or a tick. */
export type Draft = string | boolean;
export type Drafts = Readonly<Record<string, Draft>>;

export const groups = ['params', 'rules', 'limits', 'filter'] as const;
export type GroupName = (typeof groups)[number];

/** Seconds that stand beside the name. */
export const clockFields = ['scan_interval_sec', 'flatten_before_sec', 'max_quote_age_sec'] as const;

export interface TraderDraft {
  readonly trader_id: string;
  readonly account: string;
  readonly name: string;
  readonly strategy: string;
  readonly interval: string;
  readonly clock: Drafts;
  readonly params: Drafts;
  readonly rules: Drafts;
  readonly limits: Drafts;
  readonly filter: Drafts;
}

/** A number without the dust of binary fractions: 0.07 × 100 is 7. */
const tidy = (value: number) => String(Number(value.toPrecision(12)));

/** A stored value as its control shows it; shares are shown in per cent. */
export function draftOf(field: FormField, value: unknown): Draft {
  if (field.kind === 'boolean') return value === true;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'number') return tidy(isShare(field.name) ? value * 100 : value);
  return typeof value === 'string' ? value : '';
}

/** What a control's text stands for, as the API takes it; text that is no number stays text and is refused by name. */
export function valueOf(field: FormField, draft: Draft): unknown {
  if (typeof draft === 'boolean') return draft;
  const text = draft.trim();
  if (field.kind === 'list')
    return text
      .split(/[,\s]+/)
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (text === '') return field.nullable ? null : undefined;
  if (field.kind === 'choice') return text;
  if (field.kind === 'money') return text.replaceAll(',', '');
  const number = Number(text.replaceAll(',', ''));
  if (!Number.isFinite(number)) return text;
  return isShare(field.name) ? Number((number / 100).toPrecision(12)) : number;
}

const drafts = (fields: readonly FormField[], values: Readonly<Record<string, unknown>>): Drafts =>
  Object.fromEntries(
    fields.map((field) => [
      field.name,
      draftOf(field, values[field.name] === undefined ? field.fallback : values[field.name]),
    ]),
  );

export const fieldsOfGroup = (group: GroupName, strategy: string): readonly FormField[] =>
  ({ params: paramFields(strategy), rules: ruleFields, limits: limitFields, filter: filterFields })[group];

/** The parameters of a strategy at their defaults. */
export const freshParams = (strategy: string): Drafts => drafts(paramFields(strategy), {});

const usualClock = { scan_interval_sec: '180', flatten_before_sec: '600', max_quote_age_sec: '10' };

/** A form to begin with. */
export function blankDraft(account: string, strategy: string): TraderDraft {
  return {
    trader_id: '',
    account,
    name: '',
    strategy,
    interval: '1m',
    clock: usualClock,
    params: freshParams(strategy),
    rules: drafts(ruleFields, {}),
    limits: drafts(limitFields, {}),
    filter: drafts(filterFields, {}),
  };
}

/** A trader as the form shows it. */
export function draftOfTrader({ trader_id, account, definition }: TraderView): TraderDraft {
  return {
    trader_id,
    account,
    name: definition.name,
    strategy: definition.strategy,
    interval: definition.interval,
    clock: Object.fromEntries(clockFields.map((name) => [name, String(definition[name])])),
    params: drafts(paramFields(definition.strategy), definition.params),
    rules: drafts(ruleFields, definition.rules),
    limits: drafts(limitFields, definition.limits),
    filter: drafts(filterFields, definition.filter),
  };
}

function group(name: GroupName, draft: TraderDraft): Record<string, unknown> {
  const entries = fieldsOfGroup(name, draft.strategy).map((field) => [
    field.name,
    valueOf(field, draft[name][field.name] ?? ''),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The definition that the form stands for; not parsed yet. */
export function definitionOf(draft: TraderDraft): Readonly<Record<keyof TraderDefinition, unknown>> {
  const seconds = (name: (typeof clockFields)[number]) => {
    const text = String(draft.clock[name] ?? '').trim();
    return text === '' || !Number.isFinite(Number(text)) ? text : Number(text);
  };
  return {
    name: draft.name,
    strategy: draft.strategy,
    interval: draft.interval,
    params: group('params', draft),
    rules: group('rules', draft),
    limits: group('limits', draft),
    filter: group('filter', draft),
    scan_interval_sec: seconds('scan_interval_sec'),
    flatten_before_sec: seconds('flatten_before_sec'),
    max_quote_age_sec: seconds('max_quote_age_sec'),
  };
}
