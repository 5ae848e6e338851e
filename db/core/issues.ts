import type { z } from 'zod';
import type { ErrorParams, FieldIssue } from '#domain/core/errors.ts';

function scalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function paramsOf(source: object): ErrorParams {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => scalar(value)));
}

/** zod's issues as ours: one per field, unknown fields named one by one, codes that messages can render. */
export function issuesOf(error: z.ZodError): FieldIssue[] {
  return error.issues.flatMap((issue): FieldIssue[] => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key],
        code: 'unknown_field',
        message: `there is no field "${key}"`,
        params: { field: key },
      }));
    }
    if (issue.code === 'custom') {
      const { code, ...params } = issue.params ?? {};
      return [
        {
          path,
          code: typeof code === 'string' ? code : 'invalid',
          message: issue.message,
          params: paramsOf(params),
        },
      ];
    }
    const { code, message, path: _path, input: _input, ...rest } = issue;
    return [{ path, code, message, params: paramsOf(rest) }];
  });
}
