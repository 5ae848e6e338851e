'use client';

import { useLocale, useTranslations } from 'use-intl';
import { type CodedText, codedText } from '#domain/core/coded.ts';
import type { ErrorParams as Values } from '#domain/core/errors.ts';
import { ApiProblem } from '#components/query/api.ts';
import type { ProblemIssue, ProblemParams } from '#components/query/api.ts';
import { readable } from '#components/i18n/reason-figures.ts';

/** Names stored in both languages: `name_ko` stands for `name` where Korean is read. */
function localNames(params: Values, locale: string): Values {
  if (locale !== 'ko') return params;
  const korean = Object.entries(params).filter(([name]) => name.endsWith('_ko'));
  return { ...params, ...Object.fromEntries(korean.map(([name, value]) => [name.slice(0, -3), value])) };
}

/** Renders reasons (`{code, params}`) in the reader's language; an unknown code shows as itself. */
export function useReason(): (reason: { readonly code: string; readonly params?: Values }) => string {
  const t = useTranslations('reasons');
  const words = useTranslations('reason_words');
  const locale = useLocale();
  const wordOf = (word: string) => (words.has(word) ? words(word) : null);
  const text: CodedText = {
    has: (code) => t.has(code),
    raw: (code) => t.raw(code),
    render: (code, values) => t(code, values),
  };
  return ({ code, params = {} }) =>
    t.has(code) ? codedText(text, code, readable(code, localNames(params, locale), locale, wordOf)) : code;
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
