'use client';

import { useTranslations } from 'use-intl';
import { codedText } from '#domain/core/coded.ts';
import type { CandleImportResult, ImportProblemView } from '#domain/market/view.ts';

/** Renders what is wrong with a line in the reader's language; without a text of ours, the API's English. */
export function useImportProblem(): (problem: ImportProblemView) => string {
  const t = useTranslations('market.problems');
  return ({ code, params, message }) =>
    t.has(code)
      ? codedText(
          { has: (key) => t.has(key), raw: (key) => t.raw(key), render: (key, values) => t(key, values) },
          code,
          params,
        )
      : message;
}

interface ProblemListProps {
  readonly problems: readonly ImportProblemView[];
  /** All of them; fewer are kept. */
  readonly refused: number;
  readonly format: CandleImportResult['format'];
}

/** Every bad line: where, what stands there, and the way out. */
export function ProblemList({ problems, refused, format }: ProblemListProps) {
  const t = useTranslations('market.import');
  const text = useImportProblem();
  return (
    <div className="flex flex-col">
      <ul aria-label={t('problems')} className="flex flex-col divide-y divide-hairline text-sm">
        {problems.map((problem, at) => {
          const value = problem.params['value'];
          return (
            <li
              key={`${problem.line} ${problem.column ?? ''} ${at}`}
              className="flex flex-col gap-0.5 py-1.5"
            >
              <span className="flex flex-wrap gap-x-2 text-xs text-ink-2 tabular-nums">
                {problem.line === 0 ? null : (
                  <span className="font-medium text-ink">
                    {t(format === 'csv' ? 'line' : 'row', { line: problem.line })}
                  </span>
                )}
                {problem.column === null ? null : <span>{problem.column}</span>}
                {value === null || value === undefined || value === '' ? null : (
                  <code className="[overflow-wrap:anywhere] text-danger">{value}</code>
                )}
              </span>
              <span>{text(problem)}</span>
            </li>
          );
        })}
      </ul>
      {refused > problems.length ? (
        <p className="border-t border-hairline py-2 text-sm text-ink-2">
          {t('more_problems', { count: refused - problems.length })}
        </p>
      ) : null}
    </div>
  );
}
