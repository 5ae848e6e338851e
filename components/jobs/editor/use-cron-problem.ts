'use client';

import { cronIssue } from '#domain/time/cron.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { useDebounced } from '#components/jobs/use-debounced.ts';

/** What is wrong with an expression, in words, once typing has rested; nothing while it is empty. */
export function useCronProblem(expr: string): string | undefined {
  const settled = useDebounced(expr.trim(), 400);
  const problemText = useProblemText();
  if (settled === '' || settled !== expr.trim()) return undefined;
  const issue = cronIssue(settled);
  if (issue === null) return undefined;
  return problemText({ path: 'cron_expr', code: issue.code, message: issue.message, params: issue.params });
}
