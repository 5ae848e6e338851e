import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, variableNames } from '#config';

const refused = (value: string) => () => readConfig({ PORT: '4000', BELLKEEPER_COMPAT: value });

describe('readConfig', () => {
  test('an empty environment gives the defaults of this machine', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      url: 'http://127.0.0.1:3000',
      timeZone: 'Asia/Seoul',
      scopes: null,
    });
    expect(config.origins).toEqual(['http://127.0.0.1:3000', 'http://localhost:3000']);
  });

  test('an empty value counts as absent', () => {
    expect(readConfig({ PORT: '', SCHEDULER_SCOPE: ' ' })).toMatchObject({ port: 3000, scopes: null });
  });

  test('the public origin comes first, the local spellings stay allowed', () => {
    const config = readConfig({ BELLKEEPER_URL: 'https://desk.example.com/', PORT: '4000' });
    expect(config.origins).toEqual([
      'https://desk.example.com',
      'http://127.0.0.1:4000',
      'http://localhost:4000',
    ]);
  });

  test.each([
    ['PORT', '70000'],
    ['PORT', 'abc'],
    ['BELLKEEPER_URL', 'desk.example.com'],
    ['BELLKEEPER_URL', 'https://desk.example.com/path'],
    ['SCHEDULER_TIMEZONE', 'Asia/Soul'],
    ['SCHEDULER_SCOPE', 'Real Scope'],
    ['BELLKEEPER_COMPAT', 'real'],
    ['BELLKEEPER_COMPAT', 'real:80'],
    ['BELLKEEPER_COMPAT', 'real:70000'],
    ['BELLKEEPER_COMPAT', 'real:8095,'],
    ['BELLKEEPER_COMPAT', '127.0.0.1:8095'],
    ['LOG_LEVEL', 'loud'],
    ['WORKER_CONCURRENCY', '0'],
  ])('%s=%s is refused by name, with its value and a way out', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(`${name}=${value} cannot be used. Expected: `);
  });

  test('a secret value is never repeated', () => {
    const secret = { DATABASE_URL: 'mysql://root:hunter2@host/db' };
    expect(() => readConfig(secret)).toThrow(ConfigError);
    expect(() => readConfig(secret)).not.toThrow('hunter2');
  });

  test('one DATABASE_URL serves every role; a role of its own wins', () => {
    const config = readConfig({ DATABASE_URL: 'postgres://a/b', DATABASE_URL_WEB: 'postgres://w/b' });
    expect([config.databaseUrl('owner'), config.databaseUrl('web'), config.databaseUrl('worker')]).toEqual([
      'postgres://a/b',
      'postgres://w/b',
      'postgres://a/b',
    ]);
    expect(() => readConfig({}).databaseUrl('web')).toThrow('DATABASE_URL_WEB (or DATABASE_URL) is not set');
  });

  test('compat listeners have a scope and a port each', () => {
    expect(readConfig({}).compat).toEqual([]);
    expect(readConfig({ BELLKEEPER_COMPAT: 'real:8095, mock:9095' }).compat).toEqual([
      { scope: 'real', port: 8095 },
      { scope: 'mock', port: 9095 },
    ]);
    expect(refused('real:4000')).toThrow("which is PORT's");
    expect(refused('real:8095,mock:8095')).toThrow('names the port 8095 twice');
    expect(refused('real:8095,real:8096')).toThrow('names the scope real twice');
  });

  test('running everything at once is refused wherever real is served', () => {
    expect(() => readConfig({ SCHEDULER_RUN_IMMEDIATELY: 'true' })).toThrow('refused');
    expect(() => readConfig({ SCHEDULER_RUN_IMMEDIATELY: 'true', SCHEDULER_SCOPE: 'mock,real' })).toThrow(
      'refused',
    );
    expect(readConfig({ SCHEDULER_RUN_IMMEDIATELY: 'true', SCHEDULER_SCOPE: 'mock' }).runImmediately).toBe(
      true,
    );
  });
});

test('.env.example lists exactly the variables that are read', () => {
  const text = readFileSync(new URL('.env.example', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  expect(new Set(listed)).toEqual(new Set<string>(variableNames));
  expect(listed).toHaveLength(variableNames.length);
});
