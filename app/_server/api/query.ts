import { z } from 'zod';
import { issuesOf } from '#db/core/issues.ts';
import { checkText } from './body.ts';
import { invalid } from './problem.ts';

/** The kind of value a field wants, under its `optional`, `nullable` and `default` wrappings. */
function kindOf(field: z.core.$ZodType): string {
  let at = field;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable)
    at = at.def.innerType;
  return at instanceof z.ZodType ? at.def.type : 'unknown';
}

/** Query values are text: numbers and truth values are read as such, a list is repeated or comma-separated. */
function valueOf(kind: string, values: readonly string[]): unknown {
  const [first = '', ...more] = values;
  if (kind === 'array') return values.flatMap((value) => value.split(',')).filter((value) => value !== '');
  if (more.length > 0) return values;
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(first)) return Number(first);
  if (kind === 'boolean' && /^(true|false|1|0)$/.test(first)) return first === 'true' || first === '1';
  return first;
}

/** @throws Problem 400 naming the parameter that was refused, or that does not exist. */
export function parseQuery<Schema extends z.ZodObject>(
  schema: Schema,
  search: URLSearchParams,
): z.output<Schema> {
  const shape: Record<string, z.core.$ZodType | undefined> = schema.shape;
  const given: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    const field = shape[name];
    if (field === undefined)
      throw invalid([
        {
          path: [name],
          code: 'unknown_field',
          message: `there is no parameter "${name}"`,
          params: { field: name },
        },
      ]);
    const values = search.getAll(name);
    for (const value of values) checkText(value, [name]);
    given[name] = valueOf(kindOf(field), values);
  }
  return parseOr400(schema, given);
}

/** @throws Problem 400 naming each field that the schema refused. */
export function parseOr400<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(issuesOf(parsed.error));
}
