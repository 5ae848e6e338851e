'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import type { ProblemIssue } from '#components/query/api.ts';
import { toast } from '#components/ui/toast.tsx';
import { checkValues } from '#components/jobs/editor/check.ts';
import {
  blankValues,
  changedFields,
  definitionOf,
  hasForm,
  paramsOf,
  valuesOf,
} from '#components/jobs/editor/values.ts';
import type { EditorValues } from '#components/jobs/editor/values.ts';
import { fetchJob, jobCalls, jobHref, jobKeys } from '#components/jobs/queries.ts';

/** What the parts of the form share. */
export interface Editor {
  readonly scope: string;
  readonly isNew: boolean;
  readonly values: EditorValues;
  readonly set: (change: Partial<EditorValues>) => void;
  /** What is wrong with a field, by the API's path (`params.argv`), or with anything below it. */
  readonly errorOf: (path: string) => string | undefined;
  /** Everything that is wrong below a field, each with its own path. */
  readonly errorsUnder: (path: string) => readonly string[];
}

/** The id of a field's control, so that the error summary can lead to it. */
export function fieldId(path: string): string {
  return `job-${path.replaceAll('.', '-')}`;
}

const sameKeyFor = (body: string, last: { body: string; key: string } | null) =>
  last?.body === body ? last : { body, key: crypto.randomUUID() };

/**
 * State of the job form: drafts, issues, saving.
 * @param job the job as it was opened, or null for a new one.
 */
export function useEditor(scope: string, job: JobView | null) {
  const t = useTranslations('jobs.editor');
  const client = useQueryClient();
  const router = useRouter();
  const problemText = useProblemText();
  const [base, setBase] = useState(job);
  const start = useMemo(() => (base === null ? blankValues : valuesOf(base)), [base]);
  const [values, setValues] = useState(start);
  const [issues, setIssues] = useState<readonly ProblemIssue[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [stale, setStale] = useState<JobView | null>(null);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const lastPost = useRef<{ body: string; key: string } | null>(null);
  const isNew = base === null;
  const dirty = !saved && JSON.stringify(values) !== JSON.stringify(start);

  const set = (change: Partial<EditorValues>) => {
    setValues((before) => ({ ...before, ...change }));
    const touched = Object.keys(change);
    setIssues((before) =>
      before.length === 0
        ? before
        : before.filter(({ path }) => !touched.some((field) => concerns(field, path))),
    );
  };
  const errorOf = (path: string) => {
    const issue = issues.find(
      (candidate) => candidate.path === path || candidate.path.startsWith(`${path}.`),
    );
    return issue === undefined ? undefined : problemText(issue);
  };

  const errorsUnder = (path: string) =>
    issues
      .filter((issue) => issue.path.startsWith(`${path}.`))
      .map((issue) => `${issue.path.slice(path.length + 1)}: ${problemText(issue)}`);

  const send = async (against: JobView | null): Promise<JobView> => {
    const params = paramsOf(values) ?? {};
    const definition = definitionOf(values, params);
    if (base === null || against === null) {
      const body = { job_id: values.job_id, ...definition };
      lastPost.current = sameKeyFor(JSON.stringify(body), lastPost.current);
      return jobCalls.create(scope, body, lastPost.current.key);
    }
    return jobCalls.edit(scope, base.job_id, {
      ...changedFields(definition, base),
      version: against.version,
    });
  };

  const refuse = async (problem: unknown) => {
    if (problem instanceof ApiProblem && problem.code === 'job_version_stale' && base !== null) {
      setStale(await fetchJob(scope, base.job_id));
      return;
    }
    if (problem instanceof ApiProblem && problem.code === 'job_exists') {
      setIssues([{ path: 'job_id', code: problem.code, message: problem.message, params: problem.params }]);
      return;
    }
    if (problem instanceof ApiProblem && problem.issues.length > 0) setIssues(problem.issues);
    else setFailure(problemText(problem));
  };

  /** Saves against the version it was opened at, or against `onto` where the reader chose to. */
  const save = async (onto: JobView | null = base): Promise<void> => {
    setFailure(null);
    const params = paramsOf(values);
    if (params === null) {
      const field = values.params_as === 'json' || !hasForm(values.task) ? 'params' : 'params.argv';
      setIssues([{ path: field, code: 'params_unreadable', message: 'cannot be read', params: {} }]);
      return;
    }
    const found = checkValues(values, definitionOf(values, params), isNew);
    setIssues(found);
    if (found.length > 0) return;
    setSaving(true);
    try {
      const result = await send(onto);
      setStale(null);
      setSaved(true);
      client.setQueryData(jobKeys.one(scope, result.job_id), result);
      void client.invalidateQueries({ queryKey: [scope, 'jobs'] });
      toast.success(t(isNew ? 'created' : 'saved', { job: result.job_id, version: result.version }));
      router.push(jobHref.one(scope, result.job_id));
    } catch (problem) {
      await refuse(problem).catch((again: unknown) => setFailure(problemText(again)));
    } finally {
      setSaving(false);
    }
  };

  /** Drops what was typed and opens the newest version. */
  const reopen = (latest: JobView) => {
    setBase(latest);
    setValues(valuesOf(latest));
    setIssues([]);
    setFailure(null);
    setStale(null);
  };

  const editor: Editor = { scope, isNew, values, set, errorOf, errorsUnder };
  return { editor, base, issues, failure, dirty, saving, stale, setStale, save, reopen };
}

/** Whether a draft belongs to an issue's path. */
function concerns(draft: string, path: string): boolean {
  if (draft === 'command' || draft === 'http' || draft === 'json' || draft === 'task')
    return path === 'params' || path.startsWith('params.');
  if (draft === 'schedule') return path === 'cron_expr' || path === 'interval_seconds';
  return path === draft;
}
