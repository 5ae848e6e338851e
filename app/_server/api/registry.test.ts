import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { listedOperations, methods } from './registry.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Files that are no operations: the document itself, and paths nobody serves. */
const apart = /^app\/api\/(v1\/openapi\.json|\[\.\.\.path\])\/route\.ts$/;

async function served(): Promise<string[]> {
  const files = globSync('app/api/**/route.ts', { cwd: root }).filter((file) => !apart.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const module: Record<string, unknown> = await import(pathToFileURL(`${root}/${file}`).href);
      const path = file
        .replace(/^app/, '')
        .replace(/\/route\.ts$/, '')
        .replaceAll(/\[(\w+)\]/g, '{$1}');
      return methods.filter((method) => method in module).map((method) => `${method} ${path}`);
    }),
  );
  return found.flat().sort();
}

test('every exported method is listed, and every listed one exists', async () => {
  const listed = listedOperations().map(({ method, path }) => `${method} ${path}`);
  expect(listed.toSorted()).toEqual(await served());
});

test('the document names every operation once', () => {
  const paths = openApiDocument().paths ?? {};
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item !== undefined && method.toLowerCase() in item)
      .map((method) => `${method} ${path}`),
  );
  expect(documented.toSorted()).toEqual(
    listedOperations()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
  );
  const ids = listedOperations().map(({ operation }) => operation.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('path parameters of the document are those of the path', () => {
  for (const { path, operation } of listedOperations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = [...(operation.scope ? ['scope'] : []), ...Object.keys(operation.params?.shape ?? {})];
    expect(described, path).toEqual(named);
  }
});

test('fields keep their defaults, limits and descriptions', () => {
  const registration = openApiDocument().components?.schemas?.['JobRegistration'];
  expect(registration).toMatchObject({
    required: ['job_id'],
    additionalProperties: false,
    properties: {
      timeout_sec: { default: 120, minimum: 1, maximum: 604_800 },
      reschedule_mode: { enum: ['scheduler', 'queue'] },
    },
  });
});
