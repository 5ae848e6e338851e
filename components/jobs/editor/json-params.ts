import { z } from 'zod';
import type { Params } from '#components/jobs/queries.ts';

const shape = z.record(z.string(), z.json());

/** Reads the JSON text of parameters; it must be an object. */
export function parseParams(
  text: string,
): { readonly ok: true; readonly value: Params } | { readonly ok: false; readonly message: string } {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  const parsed = shape.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, message: '{ … }' };
}
