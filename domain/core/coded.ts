import type { ErrorParams } from './errors.ts';

/** Parameters as ICU takes them: no nulls or booleans; lists joined by commas, a path by arrows. */
export function icuValues(params: ErrorParams): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number'
        ? value
        : Array.isArray(value)
          ? value.join(name === 'path' ? ' → ' : ', ')
          : String(value ?? '–'),
    ]),
  );
}

/** Where the texts of codes come from. */
export interface CodedText {
  readonly has: (code: string) => boolean;
  readonly raw: (code: string) => unknown;
  readonly render: (code: string, values: Record<string, string | number>) => string;
}

/**
 * The text of a stored code. Rows outlive the code that wrote them, so a parameter that is absent shows as a dash
 * instead of failing; a `cause` that is itself a code is written out.
 */
export function codedText(text: CodedText, code: string, params: ErrorParams): string {
  const values = icuValues(params);
  const raw = String(text.raw(code));
  for (const [, name] of raw.matchAll(/\{\s*(\w+)/g)) if (name !== undefined) values[name] ??= '–';
  const { cause } = params;
  if (typeof cause === 'string' && cause !== code && text.has(cause)) {
    values['cause'] = codedText(
      text,
      cause,
      Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'cause')),
    );
  }
  return text.render(code, values);
}
