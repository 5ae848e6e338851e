import { z } from 'zod';

/** What a form says of one field of a JSON Schema's object. */
export interface SchemaField {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As JSON; null: none. */
  readonly fallback: string | null;
  readonly description: string;
}

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
const object = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

function bounds(low: number | undefined, high: number | undefined): string {
  const from = low === undefined || low <= Number.MIN_SAFE_INTEGER ? null : low;
  const to = high === undefined || high >= Number.MAX_SAFE_INTEGER ? null : high;
  if (from !== null && to !== null) return ` ${from}–${to}`;
  if (from !== null) return ` ≥ ${from}`;
  return to === null ? '' : ` ≤ ${to}`;
}

/** A type in one phrase: `integer 0–9`, `"a" | "b"`, `string[]`. */
function typeText(given: unknown): string {
  const parsed = property.safeParse(given);
  if (!parsed.success) return 'JSON';
  const { type, enum: choices, const: only, anyOf, items, format, minimum, maximum } = parsed.data;
  if (only !== undefined) return JSON.stringify(only);
  if (choices !== undefined) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (anyOf !== undefined) return anyOf.map(typeText).join(' | ');
  if (type === 'array') return `${items === undefined ? 'JSON' : typeText(items)}[]`;
  const name = type === undefined ? 'JSON' : Array.isArray(type) ? type.join(' | ') : type;
  return name + (format === undefined ? '' : ` (${format})`) + bounds(minimum, maximum);
}

/** The fields of a published schema, the needed ones first. */
export function schemaFields(schema: unknown): SchemaField[] {
  const { properties = {}, required = [] } = object.safeParse(schema).data ?? {};
  const fields = Object.entries(properties).map(([name, given]) => {
    const { default: fallback, description = '' } = property.safeParse(given).data ?? {};
    return {
      name,
      type: typeText(given),
      required: required.includes(name),
      fallback: fallback === undefined ? null : JSON.stringify(fallback),
      description,
    };
  });
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

const blanks: Readonly<Record<string, unknown>> = {
  string: '',
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
  object: {},
};

/** Parameters to begin with, as JSON text: the needed fields, blank, and the defaults. */
export function startingParams(schema: unknown): string {
  const { properties = {}, required = [] } = object.safeParse(schema).data ?? {};
  const entries = Object.entries(properties).flatMap(([name, given]) => {
    const { default: fallback, type, enum: choices } = property.safeParse(given).data ?? {};
    if (fallback !== undefined) return [[name, fallback]];
    if (!required.includes(name)) return [];
    return [[name, choices?.[0] ?? blanks[String(type)] ?? null]];
  });
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}
