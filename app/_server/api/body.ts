import { Problem } from '#domain/core/errors.ts';
import { invalid } from './problem.ts';

export const maxBodyBytes = 1_048_576;
const maxDepth = 64;

function tooLarge(max: number): Problem {
  return new Problem('too_large', 'too_large', `The body is larger than ${max} bytes.`, { max_bytes: max });
}

/** Reads at most the limit, whatever Content-Length says. @throws Problem 413. */
export async function readBytes(request: Request, max: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > max) throw tooLarge(max);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > max) throw tooLarge(max);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid', 'malformed_json', 'The body is not UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const position = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length);
    const before = text.slice(0, position).split('\n');
    const where = { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new Problem(
      'invalid',
      'malformed_json',
      `The body is not JSON: it breaks off at line ${where.line}, column ${where.column} (position ${position}).`,
      where,
    );
  }
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair, and nothing of ours nests this deep. */
function checkStorable(value: unknown, path: readonly (string | number)[]): void {
  if (typeof value === 'string') return checkText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= maxDepth)
    throw invalid([
      {
        path: path.slice(0, 3),
        code: 'too_deep',
        message: `nests deeper than ${maxDepth} levels`,
        params: { max: maxDepth },
      },
    ]);
  for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (typeof key === 'string') checkText(key, path);
    checkStorable(inner, [...path, key]);
  }
}

/** @throws Problem 400 for text that cannot be stored. */
export function checkText(text: string, path: readonly (string | number)[]): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw invalid([{ path, code: 'bad_character', message: 'has a character that cannot be stored' }]);
}

/**
 * The request's JSON and its text; an empty body is `{}`.
 * @throws Problem 400 with the position of the fault, 413 above 1 MiB, 415 for anything but JSON.
 */
export async function readJson(request: Request): Promise<{ value: unknown; text: string }> {
  const text = decode(await readBytes(request, maxBodyBytes));
  if (text.trim() === '') return { value: {}, text: '' };
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    throw new Problem(
      'unsupported',
      'not_json',
      `The body must be application/json, not ${type === '' ? 'without a Content-Type' : type}.`,
      { type },
    );
  }
  const value = parse(text);
  checkStorable(value, []);
  return { value, text };
}
