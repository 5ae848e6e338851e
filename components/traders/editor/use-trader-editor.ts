'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { traderDefinition, traderId } from '#domain/traders/definition.ts';
import type { TraderView } from '#domain/traders/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem, type ProblemIssue } from '#components/query/api.ts';
import { toast } from '#components/ui/toast.tsx';
import { traderCalls, traderHref, traderKey } from '../queries.ts';
import {
  type Draft,
  type GroupName,
  type TraderDraft,
  blankDraft,
  definitionOf,
  draftOfTrader,
  freshParams,
} from './values.ts';

/** The id of a field's control, so that the error summary can lead to it. */
export const fieldId = (path: string): string => `trader-${path.replaceAll('.', '-')}`;

export interface TraderEditor {
  readonly draft: TraderDraft;
  readonly isNew: boolean;
  readonly set: (change: Partial<TraderDraft>) => void;
  readonly setIn: (group: GroupName | 'clock', name: string, value: Draft) => void;
  /** Another strategy brings its own parameters. */
  readonly setStrategy: (strategy: string) => void;
  /** What is wrong with a field, by its path in the definition (`rules.stop_loss`). */
  readonly errorOf: (path: string) => string | undefined;
}

/** What the schemas refuse of a draft, by the paths of the definition. */
function issuesOf(draft: TraderDraft, isNew: boolean): ProblemIssue[] {
  const found = traderDefinition.safeParse(definitionOf(draft));
  const issues = (found.error?.issues ?? []).map((issue): ProblemIssue => {
    const code = issue.code === 'custom' ? String(issue.params?.['code'] ?? 'custom') : issue.code;
    return { path: issue.path.join('.'), code, message: issue.message, params: {} };
  });
  const id = traderId.safeParse(draft.trader_id).error?.issues[0];
  if (isNew && id !== undefined)
    issues.unshift({ path: 'trader_id', code: 'invalid_format', message: id.message, params: {} });
  if (isNew && draft.account === '')
    issues.unshift({ path: 'account', code: 'required', message: 'an account', params: {} });
  return issues;
}

const sameKey = (body: string, last: { body: string; key: string } | null) =>
  last?.body === body ? last : { body, key: crypto.randomUUID() };

/**
 * State of a trader's form: drafts, issues, saving.
 * @param trader as it was opened, or null for a new one.
 */
export function useTraderEditor(scope: string, trader: TraderView | null, account: string, strategy: string) {
  const t = useTranslations('traders.editor');
  const client = useQueryClient();
  const router = useRouter();
  const problemText = useProblemText();
  const start = useMemo(
    () => (trader === null ? blankDraft(account, strategy) : draftOfTrader(trader)),
    [trader, account, strategy],
  );
  const [draft, setDraft] = useState(start);
  const [issues, setIssues] = useState<readonly ProblemIssue[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const lastPost = useRef<{ body: string; key: string } | null>(null);
  const isNew = trader === null;
  const dirty = !saved && JSON.stringify(draft) !== JSON.stringify(start);

  const forget = (paths: readonly string[]) =>
    setIssues((before) =>
      before.filter(({ path }) => !paths.some((each) => path === each || path.startsWith(`${each}.`))),
    );
  const set = (change: Partial<TraderDraft>) => {
    setDraft((before) => ({ ...before, ...change }));
    forget(Object.keys(change));
  };
  const setIn: TraderEditor['setIn'] = (group, name, value) => {
    setDraft((before) => ({ ...before, [group]: { ...before[group], [name]: value } }));
    forget([group === 'clock' ? name : `${group}.${name}`]);
  };

  const refuse = (problem: unknown) => {
    if (problem instanceof ApiProblem && problem.code === 'trader_version_stale')
      setFailure(t('stale', { current: String(problem.params['current'] ?? '') }));
    else if (problem instanceof ApiProblem && problem.code === 'trader_exists')
      setIssues([
        { path: 'trader_id', code: problem.code, message: problem.message, params: problem.params },
      ]);
    else if (problem instanceof ApiProblem && problem.issues.length > 0)
      setIssues(problem.issues.map((issue) => ({ ...issue, path: issue.path.replace(/^definition\./, '') })));
    else setFailure(problemText(problem));
  };

  const save = async (): Promise<void> => {
    setFailure(null);
    const found = issuesOf(draft, isNew);
    setIssues(found);
    if (found.length > 0) return;
    setSaving(true);
    try {
      const definition = definitionOf(draft);
      const body = { trader_id: draft.trader_id, account: draft.account, definition };
      lastPost.current = sameKey(JSON.stringify(body), lastPost.current);
      const result = isNew
        ? await traderCalls.create(scope, body, lastPost.current.key)
        : await traderCalls.edit(scope, trader.trader_id, trader.version, definition);
      setSaved(true);
      client.setQueryData(traderKey(scope, result.trader_id), result);
      void client.invalidateQueries({ queryKey: [scope, 'traders'] });
      toast.success(t(isNew ? 'created' : 'saved', { trader: result.definition.name }));
      router.push(traderHref.one(scope, result.trader_id));
    } catch (problem) {
      refuse(problem);
    } finally {
      setSaving(false);
    }
  };

  const errorOf = (path: string) => {
    const issue = issues.find((each) => each.path === path || each.path.startsWith(`${path}.`));
    return issue === undefined ? undefined : problemText(issue);
  };
  const editor: TraderEditor = {
    draft,
    isNew,
    set,
    setIn,
    setStrategy: (next) => {
      setDraft((before) => ({ ...before, strategy: next, params: freshParams(next) }));
      forget(['strategy', 'params']);
    },
    errorOf,
  };
  return { editor, issues, failure, dirty, saving, save };
}
