import { z } from 'zod';
import { candidateFilter } from '#domain/strategies/candidates.ts';
import { strategyNamed } from '#domain/strategies/registry.ts';
import { traderLimits } from '#domain/traders/definition.ts';
import { traderRules } from '#domain/traders/rules.ts';

/** How a form asks for one field of a schema. */
export interface FormField {
  readonly name: string;
  readonly kind: 'integer' | 'number' | 'money' | 'boolean' | 'choice' | 'list';
  /** May be left empty: no limit. */
  readonly nullable: boolean;
  readonly fallback: unknown;
  readonly min: number | null;
  readonly max: number | null;
  readonly choices: readonly string[];
  readonly description: string;
}

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.looseObject({ type: z.union([z.string(), z.array(z.string())]).optional() })).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
});
type Property = z.output<typeof property>;

/** `number`, or `number | null`: JSON Schema writes that in two ways. */
const typesOf = ({ type }: { readonly type?: string | string[] | undefined }) =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type;

function kindOf({ enum: choices, ...given }: Property): FormField['kind'] {
  const type = typesOf(given).find((each) => each !== 'null');
  if (choices !== undefined) return 'choice';
  if (type === 'array') return 'list';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  return 'money';
}

const bound = (value: number | undefined) =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

/** The fields of an object schema in its order, with bounds, choices and defaults. */
export function fieldsOf(schema: z.ZodType): FormField[] {
  const { properties } = z
    .looseObject({ properties: z.record(z.string(), property).default({}) })
    .parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(properties).map(([name, given]) => {
    const inner = property.parse(given.anyOf?.find((each) => !typesOf(each).includes('null')) ?? given);
    return {
      name,
      kind: kindOf(inner),
      nullable: [given, ...(given.anyOf ?? [])].some((each) => typesOf(each).includes('null')),
      fallback: given.default,
      min: bound(inner.minimum ?? inner.exclusiveMinimum),
      max: bound(inner.maximum ?? inner.exclusiveMaximum),
      choices: inner.enum ?? [],
      description: given.description ?? '',
    };
  });
}

export const ruleFields: readonly FormField[] = fieldsOf(traderRules);
export const limitFields: readonly FormField[] = fieldsOf(traderLimits);
export const filterFields: readonly FormField[] = fieldsOf(candidateFilter);

/** Parameters of a strategy; none of one we do not know. */
export function paramFields(strategy: string): readonly FormField[] {
  const schema = strategyNamed(strategy)?.schema;
  return schema === undefined ? [] : fieldsOf(schema);
}

/** Fractions that people read as per cent. */
const shares: ReadonlySet<string> = new Set([
  'stop_loss',
  'take_profit',
  'entry_confidence',
  'exit_confidence',
  'auction_slippage',
  'slippage_floor',
  'max_drawdown',
  'change_min',
  'change_max',
  'top_percentile',
  'breakout_buffer',
  'min_body',
]);
export const isShare = (name: string): boolean => shares.has(name);
export const isSeconds = (name: string): boolean => name.endsWith('_sec');
