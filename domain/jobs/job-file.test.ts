import { describe, expect, test } from 'vitest';
import { readJobFile } from './job-file.ts';

const told = (text: string) => readJobFile(text).problems.map(({ line, code }) => [line, code]);

describe('readJobFile', () => {
  test('reads a list, a map, a bare list and JSON alike', () => {
    const fields = [
      { job_id: 'a', task: 'command' },
      { job_id: 'b', queue: 'q' },
    ];
    for (const text of [
      'jobs:\n  - job_id: a\n    task: command\n  - {job_id: b, queue: q}\n',
      'jobs:\n  a: {task: command}\n  b:\n    queue: q\n',
      '- job_id: a\n  task: command\n- job_id: b\n  queue: q\n',
      JSON.stringify({ jobs: fields }),
      `\uFEFF${JSON.stringify(fields, null, 2)}`,
    ]) {
      const { entries, problems } = readJobFile(text);
      expect(problems).toEqual([]);
      expect(entries.map(({ value }) => value)).toEqual(
        fields.map((field) => expect.objectContaining(field) as unknown),
      );
    }
  });

  test('knows the line of every field, and of the nearest one around what is absent', () => {
    const { entries } = readJobFile(
      'jobs:\n  - job_id: a\n    params:\n      argv:\n        - echo\n        - 1\n  - job_id: b\n',
    );
    const [a, b] = entries;
    expect(
      [[], ['job_id'], ['params'], ['params', 'argv', 1], ['params', 'cwd'], ['task']].map((at) =>
        a?.lineOf(at),
      ),
    ).toEqual([2, 2, 3, 6, 3, 2]);
    expect(b?.lineOf(['job_id'])).toBe(7);
    expect(a?.valueAt(['params', 'argv', 1])).toBe(1);
    expect(a?.valueAt(['params', 'env', 'X'])).toBeUndefined();
  });

  test('anchors and << share parts', () => {
    const { entries, problems } = readJobFile(
      'x-python: &python\n  task: command\n  timeout_sec: 9\njobs:\n  a:\n    <<: *python\n    timeout_sec: 10\n',
    );
    expect(problems).toEqual([]);
    expect(entries[0]?.value).toEqual({ job_id: 'a', task: 'command', timeout_sec: 10 });
  });

  test('says where a file is broken', () => {
    expect(told('jobs:\n  - job_id: a\n    cron_expr: */5 * * * *\n')).toEqual([[3, 'needs_quotes']]);
    expect(told('jobs:\n  - job_id: a\n    cron_expr: @daily\n')).toEqual([[3, 'needs_quotes']]);
    expect(told('jobs:\n  a: {}\n  a: {}\n')).toEqual([[3, 'malformed']]);
    expect(told('a: 1\n---\nb: 2')).toEqual([[2, 'several_documents']]);
    expect(told('')).toEqual([[1, 'no_jobs']]);
    expect(told('jobs: []\n')).toEqual([[1, 'no_jobs']]);
    expect(told('jobs: 3\n')).toEqual([[1, 'no_jobs']]);
    expect(told('job:\n  - job_id: a\n')).toEqual([[1, 'unknown_field']]);
    expect(told('jobs:\n  - job_id: a\n  - job_id: b\n  - job_id: a\n')).toEqual([[4, 'job_id_twice']]);
    expect(told('jobs:\n  a:\n    job_id: b\n')).toEqual([[2, 'job_id_twice']]);
  });

  test('references that multiply are refused, not followed', () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `x-${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(',')}]`,
    );
    expect(
      told(`x-0: &l0 [a,a,a,a,a,a,a,a,a]\n${levels.join('\n')}\njobs:\n  a: {params: {x: *l9}}\n`),
    ).toEqual([[1, 'malformed']]);
  });
});
