import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { scopeName } from '#domain/core/ids.ts';
import { runMessage } from '#domain/external/view.ts';
import { engineView, instanceHealth, resourceGroupView, scopeHealth } from '#domain/engine/view.ts';
import { jobListItem, jobVersionView, jobView, previewView } from '#domain/jobs/view.ts';
import { calendarDayView, calendarView } from '#domain/time/calendar/view.ts';
import { logPage, runDetail, runView } from '#domain/runs/view.ts';
import { type ApiOperation, tags } from './operation.ts';
import { problemSchema } from './problem.ts';
import { type ListedOperation, listedOperations } from './registry.ts';

const description = `JSON under \`/api/v1\`, in snake_case. Call with \`Authorization: Bearer <API key>\`, or from a browser that is signed in.

Lists answer \`{items, next_cursor}\`: send \`next_cursor\` back as \`cursor\`. Refusals are RFC 9457 problems (\`application/problem+json\`) that name each bad field in \`issues\`. A POST with an \`Idempotency-Key\` is performed once: the same again answers what the first one did. Times are RFC 3339; answers give them in UTC.`;

/** Which refusals an operation can answer with, beside its success. */
function refusals(operation: ApiOperation): (readonly [string, string])[] {
  const list: (readonly [string, string])[] = [];
  const hasBody = operation.body !== undefined || operation.rawBody !== undefined;
  if (hasBody || operation.query !== undefined)
    list.push(['400', 'A field is not right; `issues` names it.']);
  if (operation.permission !== 'public')
    list.push(
      ['401', 'Not signed in, or the key is unknown, expired or revoked.'],
      ['403', 'The permission is missing in this scope.'],
    );
  if (operation.scope) list.push(['404', 'No such scope, job or run.']);
  if (
    operation.scope &&
    operation.response.status !== 204 &&
    (hasBody || operation.permission === 'runs.control')
  )
    list.push(['409', 'In conflict with what is stored.']);
  if (hasBody) list.push(['413', 'The body is larger than 1 MiB.'], ['415', 'The body is not JSON.']);
  if (operation.bytes !== undefined)
    list.push(['413', `The file is larger than ${operation.bytes.max / 1_048_576} MiB.`]);
  list.push(['503', 'The database does not answer just now.']);
  return list;
}

function pathParams(operation: ApiOperation): z.ZodObject | null {
  const own = operation.params?.shape ?? {};
  const scoped = operation.scope
    ? { scope: scopeName.describe("`real`, `mock` or a rehearsal's name.") }
    : {};
  const shape = { ...scoped, ...own };
  return Object.keys(shape).length === 0 ? null : z.object(shape);
}

function operationObject({ method, operation }: ListedOperation): ZodOpenApiOperationObject {
  const { response } = operation;
  const body = operation.rawBody ?? operation.body;
  const path = pathParams(operation);
  const type = response.contentType ?? 'application/json';
  const content =
    response.schema !== null
      ? { content: { [type]: { schema: response.schema } } }
      : type === 'text/event-stream'
        ? { content: { [type]: {} } }
        : {};
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.tag],
    'x-permission': operation.permission,
    ...(operation.permission === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(path === null ? {} : { path }),
      ...(operation.query === undefined ? {} : { query: operation.query }),
      ...(method === 'POST'
        ? {
            header: z.object({
              'Idempotency-Key': z.string().max(255).optional().describe('Performs a repeated request once.'),
            }),
          }
        : {}),
    },
    ...(operation.bytes === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              operation.bytes.types.map((name) => [
                name,
                { schema: { type: 'string' as const, format: 'binary' } },
              ]),
            ),
          },
        }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: !accepts(body, {}), content: { 'application/json': { schema: body } } } }),
    responses: {
      [String(response.status)]: { description: response.description ?? operation.summary, ...content },
      ...Object.fromEntries(
        refusals(operation).map(([status, text]) => [
          status,
          { description: text, content: { 'application/problem+json': { schema: problemSchema } } },
        ]),
      ),
    },
  };
}

/** Whether the schema takes this value, so that the body may be left out. */
function accepts(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}

function build() {
  const paths: ZodOpenApiPathsObject = {};
  for (const listed of listedOperations()) {
    paths[listed.path] = { ...paths[listed.path], [listed.method.toLowerCase()]: operationObject(listed) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Bellkeeper', version: '1', description },
      servers: [{ url: '/' }],
      security: [{ key: [] }, { sign_in: [] }],
      tags: tags.map((name) => ({ name })),
      paths,
      components: {
        schemas: {
          Job: jobView,
          JobListItem: jobListItem,
          JobVersion: jobVersionView,
          Preview: previewView,
          Calendar: calendarView,
          CalendarDay: calendarDayView,
          Run: runView,
          RunDetail: runDetail,
          LogPage: logPage,
          RunMessage: runMessage,
          Engine: engineView,
          ScopeHealth: scopeHealth,
          Health: instanceHealth,
          ResourceGroup: resourceGroupView,
        },
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
          sign_in: {
            type: 'apiKey',
            in: 'cookie',
            name: 'bellkeeper.sign_in',
            description: "The browser's sign-in; over https the name begins with `__Host-`.",
          },
        },
      },
    },
    { override: plainer },
  );
}

/** Formats say enough without their patterns, and JSON inside a record is any JSON. */
function plainer({
  jsonSchema,
  zodSchema,
}: {
  jsonSchema: Record<string, unknown>;
  zodSchema: z.core.$ZodType;
}): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  if (zodSchema instanceof z.ZodRecord) {
    delete jsonSchema['propertyNames'];
    if (zodSchema.def.valueType instanceof z.ZodLazy) jsonSchema['additionalProperties'] = true;
  }
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
}

export type OpenApiDocument = ReturnType<typeof build>;
let built: OpenApiDocument | undefined;

/** The OpenAPI 3.1 document, made once from the schemas that validate. */
export function openApiDocument(): OpenApiDocument {
  return (built ??= build());
}
