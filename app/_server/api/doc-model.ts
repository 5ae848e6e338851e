import { z } from 'zod';
import { openApiDocument } from './openapi.ts';
import type { Access } from './operation.ts';
import { type Method, listedOperations } from './registry.ts';

/** A field as a reader of the documentation sees it. */
export interface DocField {
  /** With its parents: `items[].run_id`. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As JSON; null when there is none. */
  readonly fallback: string | null;
  readonly description: string;
}

export interface DocOperation {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly permission: Access;
  readonly params: readonly DocField[];
  readonly query: readonly DocField[];
  readonly body: readonly DocField[] | null;
  readonly response: { readonly status: number; readonly type: string; readonly fields: readonly DocField[] };
  readonly refusals: readonly { readonly status: string; readonly text: string }[];
  readonly curl: string;
}

/** What we read of JSON Schema; the rest is for machines. */
interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), schema).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
  }),
);

const content = z.record(z.string(), z.object({ schema: schema.optional() })).optional();
const documented = z.object({
  parameters: z
    .array(
      z.object({
        in: z.string(),
        name: z.string(),
        required: z.boolean().optional(),
        schema: schema.optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content })),
});
const components = z.record(z.string(), schema);

type Components = z.output<typeof components>;

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function resolve(given: Schema, known: Components): Schema {
  return given.$ref === undefined ? given : (known[nameOf(given.$ref)] ?? given);
}

function range(low: number | undefined, high: number | undefined, unit: string): string {
  if (low !== undefined && high !== undefined) return ` ${low}…${high}${unit}`;
  if (low !== undefined) return ` ≥ ${low}${unit}`;
  return high === undefined ? '' : ` ≤ ${high}${unit}`;
}

/** A type in one phrase: `integer 1…200`, `"skip" | "queue"`, `string (date-time) or null`. */
export function typeText(given: Schema): string {
  if (given.$ref !== undefined) return nameOf(given.$ref).startsWith('__') ? 'JSON' : nameOf(given.$ref);
  if (given.enum !== undefined) return given.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (given.const !== undefined) return JSON.stringify(given.const);
  if (given.anyOf !== undefined) return [...new Set(given.anyOf.map(typeText))].join(' or ');
  const type = Array.isArray(given.type) ? given.type.join(' or ') : (given.type ?? 'JSON');
  if (type === 'array') return given.items === undefined ? 'array' : `array of ${typeText(given.items)}`;
  const format = given.format === undefined ? '' : ` (${given.format})`;
  const limits =
    type === 'string'
      ? range(given.minLength, given.maxLength, ' characters')
      : range(given.minimum, given.maximum, '');
  const pattern = given.pattern === undefined || given.pattern.length > 80 ? '' : ` ${given.pattern}`;
  return [type, format, limits, pattern].join('');
}

function field(name: string, given: Schema, required: boolean): DocField {
  const fallback = given.default === undefined ? null : JSON.stringify(given.default);
  return { name, type: typeText(given), required, fallback, description: given.description ?? '' };
}

/** The fields of an object, and one level down those of its lists. */
function fieldsOf(given: Schema, known: Components, prefix = ''): DocField[] {
  const object = resolve(given, known);
  return Object.entries(object.properties ?? {}).flatMap(([name, inner]) => {
    const own = field(`${prefix}${name}`, inner, object.required?.includes(name) === true);
    const items =
      inner.items === undefined || prefix !== '' ? [] : fieldsOf(inner.items, known, `${name}[].`);
    return [own, ...items];
  });
}

/** A body made of the fields that must be there. */
function sample(given: Schema, known: Components): unknown {
  const at = resolve(given, known);
  if (at.default !== undefined) return at.default;
  if (at.const !== undefined) return at.const;
  if (at.enum !== undefined) return at.enum[0];
  if (at.anyOf?.[0] !== undefined) return sample(at.anyOf[0], known);
  if (at.type === 'array') return at.items === undefined ? [] : [sample(at.items, known)];
  if (at.type === 'object') {
    return Object.fromEntries(
      (at.required ?? []).map((name) => [name, sample(at.properties?.[name] ?? {}, known)]),
    );
  }
  if (at.type === 'integer' || at.type === 'number') return at.minimum ?? 1;
  if (at.type === 'boolean') return true;
  if (at.format === 'email') return 'person@example.com';
  return at.format === 'date-time' ? '2027-01-04T00:00:00Z' : '…';
}

const samplePath: Readonly<Record<string, string>> = { scope: 'real', job_id: 'news-crawler', version: '1' };

function curlOf(origin: string, method: Method, path: string, permission: Access, body: unknown): string {
  const url =
    origin +
    path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => samplePath[name] ?? `$${name.toUpperCase()}`);
  const quoted = body === undefined ? '' : JSON.stringify(body).replaceAll("'", String.raw`'\''`);
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${url}"`,
    ...(permission === 'public' ? [] : ['-H "Authorization: Bearer $BELLKEEPER_KEY"']),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${quoted}'`]),
  ].join(' \\\n  ');
}

/**
 * Every operation as the page shows it.
 * @param origin what the examples call, as people type it.
 */
export function docOperations(origin: string): DocOperation[] {
  const document = openApiDocument();
  const known = components.parse(document.components?.schemas ?? {});
  return listedOperations().map(({ path, method, operation }) => {
    const item: Record<string, unknown> = { ...document.paths?.[path] };
    const described = documented.parse(item[method.toLowerCase()]);
    const fields = (place: string) =>
      described.parameters
        .filter((parameter) => parameter.in === place)
        .map((parameter) => field(parameter.name, parameter.schema ?? {}, parameter.required === true));
    const body = described.requestBody?.content?.['application/json']?.schema;
    const status = String(operation.response.status);
    const [[contentType, answer] = []] = Object.entries(described.responses[status]?.content ?? {});
    const example = body === undefined ? undefined : (operation.example ?? sample(body, known));
    return {
      id: operation.id,
      method,
      path,
      tag: operation.tag,
      summary: operation.summary,
      description: operation.description ?? '',
      permission: operation.permission,
      params: fields('path'),
      query: fields('query'),
      body: body === undefined ? null : fieldsOf(body, known),
      response: {
        status: operation.response.status,
        type: answer?.schema === undefined ? (contentType ?? '') : typeText(answer.schema),
        fields: answer?.schema === undefined ? [] : fieldsOf(answer.schema, known),
      },
      refusals: Object.entries(described.responses)
        .filter(([code]) => code !== status)
        .map(([code, response]) => ({ status: code, text: response.description })),
      curl: curlOf(origin, method, path, operation.permission, example),
    };
  });
}

/** Whether every word of the search stands somewhere in the operation. */
export function matches(operation: DocOperation, search: string): boolean {
  const fields = [
    ...operation.params,
    ...operation.query,
    ...(operation.body ?? []),
    ...operation.response.fields,
  ];
  const text = [
    operation.id,
    operation.method,
    operation.path,
    operation.tag,
    operation.summary,
    operation.description,
    operation.permission,
    ...fields.map(({ name }) => name),
  ]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
