import { expect, test } from 'vitest';
import { Problem, conflict, invalidField } from '#domain/core/errors.ts';
import { withoutSecrets } from '../log.ts';
import { problemResponse, problemSchema } from './problem.ts';

async function read(error: unknown) {
  const response = problemResponse(error, 'request-1');
  return { response, body: problemSchema.strict().parse(await response.json()) };
}

test('a refused field is named in the detail, in dots and as a pointer', async () => {
  const { response, body } = await read(
    invalidField('params.argv.0', 'too_small', 'needs a program', { minimum: 1 }),
  );
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: 'urn:bellkeeper:problem:invalid',
    code: 'invalid',
    detail: 'params.argv.0: needs a program',
    instance: 'urn:bellkeeper:request:request-1',
    issues: [
      { path: 'params.argv.0', pointer: '#/params/argv/0', code: 'too_small', params: { minimum: 1 } },
    ],
  });
});

test('statuses and their headers', async () => {
  const nobody = await read(new Problem('unauthenticated', 'unauthenticated', 'Sign in.'));
  expect(nobody.response.headers.get('www-authenticate')).toBe('Bearer realm="bellkeeper"');
  const taken = await read(conflict('job_exists', 'Taken.', { job_id: 'a' }));
  expect([taken.response.status, taken.body.params]).toEqual([409, { job_id: 'a' }]);
  const often = await read(new Problem('too_many', 'too_many', 'Wait.', { retry_after_sec: 12.2 }));
  expect(often.response.headers.get('retry-after')).toBe('13');
});

test('a lost database is 503, whatever wraps the error', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const wrapped = new Error('Failed query: select secret', { cause: refused });
  const { response, body } = await read(wrapped);
  expect([response.status, body.code, response.headers.get('retry-after')]).toEqual([
    503,
    'database_unavailable',
    '2',
  ]);
  const starting = Object.assign(new Error('starting'), { code: '57P03' });
  expect((await read(starting)).response.status).toBe(503);
});

test('a defect answers nothing but the request id', async () => {
  const unique = Object.assign(new Error('duplicate key'), { code: '23505' });
  const { response, body } = await read(
    new Error('Failed query: insert into users … params: hunter2', { cause: unique }),
  );
  expect(response.status).toBe(500);
  expect(JSON.stringify(body)).not.toMatch(/insert|hunter2|duplicate/);
  expect(body.detail).toContain('request-1');
});

test('logs keep no keys, passwords or parameters', () => {
  const key = `bk_abcdefgh_${'A'.repeat(43)}`;
  expect(withoutSecrets(`used ${key}`)).toBe('used bk_abcdefgh_[hidden]');
  expect(withoutSecrets('postgres://web:s3cret@127.0.0.1/x')).toBe('postgres://web:[hidden]@127.0.0.1/x');
  expect(withoutSecrets('Failed query: select $1\nparams: hunter2,\nError: x')).not.toContain('hunter2');
});
