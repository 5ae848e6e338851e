'use client';

import { useLocale, useTranslations } from 'use-intl';
import { ApiProblem } from '#components/query/api.ts';
import type { ProblemIssue, ProblemParams } from '#components/query/api.ts';

type Values = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Parameters as ICU takes them: no nulls or booleans; lists joined by commas. */
export function icuValues(params: Values): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number'
        ? value
        : Array.isArray(value)
          ? value.join(', ')
          : String(value ?? '–'),
    ]),
  );
}

interface CodedText {
  readonly has: (code: string) => boolean;
  readonly raw: (code: string) => unknown;
  readonly render: (code: string, values: Record<string, string | number>) => string;
}

/**
 * The text of a stored code. Rows outlive the code that wrote them, so a parameter that is absent shows as a dash
 * instead of failing; a `cause` that is itself a code is written out.
 */
function codedText(text: CodedText, code: string, params: Values): string {
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

/** Names stored in both languages: `name_ko` stands for `name` where Korean is read. */
function localNames(params: Values, locale: string): Values {
  if (locale !== 'ko') return params;
  const korean = Object.entries(params).filter(([name]) => name.endsWith('_ko'));
  return { ...params, ...Object.fromEntries(korean.map(([name, value]) => [name.slice(0, -3), value])) };
}

/** Renders reasons (`{code, params}`) in the reader's language; an unknown code shows as itself. */
export function useReason(): (reason: { readonly code: string; readonly params?: Values }) => string {
  const t = useTranslations('reasons');
  const locale = useLocale();
  const text: CodedText = {
    has: (code) => t.has(code),
    raw: (code) => t.raw(code),
    render: (code, values) => t(code, values),
  };
  return ({ code, params = {} }) => (t.has(code) ? codedText(text, code, localNames(params, locale)) : code);
}

/** Why a run is where it is. */
export function Reason({ code, params = {} }: { readonly code: string; readonly params?: Values }) {
  return <>{useReason()({ code, params })}</>;
}

/** Renders problems and field issues of the API; where we have no text for a code, the API's own English. */
export function useProblemText(): (problem: unknown) => string {
  const t = useTranslations('errors');
  const text: CodedText = {
    has: (code) => t.has(code),
    raw: (code) => t.raw(code),
    render: (code, values) => t(code, values),
  };
  const render = (code: string, params: ProblemParams, fallback: string) =>
    t.has(code) && typeof t.raw(code) === 'string' ? codedText(text, code, params) : fallback;
  return (problem) => {
    if (problem instanceof ApiProblem) return render(problem.code, problem.params, problem.message);
    return isIssue(problem) ? render(problem.code, problem.params, problem.message) : t('unknown');
  };
}

function isIssue(value: unknown): value is ProblemIssue {
  return (
    typeof value === 'object' && value !== null && 'path' in value && 'code' in value && 'message' in value
  );
}
