import '#components/query/setup-zod.ts';
import { z } from 'zod';
import type { RunView } from '#domain/runs/view.ts';

const params = z.record(z.string(), z.json());

export type ParsedParams =
  | { readonly kind: 'ok'; readonly params: RunView['params'] }
  | { readonly kind: 'not_json'; readonly message: string }
  | { readonly kind: 'not_object' };

/** Reads parameters as typed: a JSON object. An empty field is an empty object. */
export function parseParams(text: string): ParsedParams {
  try {
    const parsed = params.safeParse(text.trim() === '' ? {} : JSON.parse(text));
    return parsed.success ? { kind: 'ok', params: parsed.data } : { kind: 'not_object' };
  } catch (error) {
    return { kind: 'not_json', message: error instanceof Error ? error.message : String(error) };
  }
}
