import { createTranslator } from 'use-intl/core';
import { codedText } from '#domain/core/coded.ts';
import type { ErrorParams } from '#domain/core/errors.ts';
import { formatInZone } from '#domain/time/zone.ts';
import messages from '#messages/en.json' with { type: 'json' };
import { UsageError } from './command.ts';

const translate = createTranslator({ locale: 'en', messages, namespace: 'reasons' });

const has = (name: string) => Object.hasOwn(messages.reasons, name);

/** A stored reason in English. */
export function reasonText({
  code,
  params = {},
}: {
  code: string;
  params?: ErrorParams | undefined;
}): string {
  if (!has(code)) return code;
  return codedText(
    {
      has,
      raw: (name) => translate.raw(name as keyof typeof messages.reasons),
      render: (name, values) => translate(name as keyof typeof messages.reasons, values as never),
    },
    code,
    params,
  );
}

/** `2026-11-20 08:30:05 Asia/Seoul`; a dash for none. */
export function timeText(at: string | null, zone: string): string {
  return at === null ? '–' : `${formatInZone(new Date(at), zone, 'second')} ${zone}`;
}

/** Aligned `name  value` lines. */
export function facts(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
    .join('\n');
}

/** The one argument a command takes. @throws UsageError when it is missing or followed by others. */
export function only(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`Which ${what}?`);
  if (second !== undefined) throw new UsageError(`One ${what} at a time: "${second}" is one too many.`);
  return first;
}

/** @throws UsageError when there are arguments after the options. */
export function none(positionals: readonly string[]): void {
  const [first] = positionals;
  if (first !== undefined) throw new UsageError(`"${first}" is not understood here.`);
}

/** `--params` as JSON. @throws UsageError when it is none, or no object. */
export function paramsOf(text: string | undefined): { params?: Record<string, unknown> } {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--params is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`--params must be a JSON object, as in '{"argv": ["python3", "crawl.py"]}'.`);
  return { params: { ...value } };
}

/** A whole number of an option. @throws UsageError for anything else. */
export function countOf(option: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new UsageError(`${option} ${text} is no number from 1 to ${most}.`);
  return value;
}
