'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { cycleOf, findCycle } from '#domain/dependencies/cycle.ts';
import type { Edge } from '#domain/dependencies/edge.ts';
import type { GraphView } from '#domain/dependencies/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { toast } from '#components/ui/toast.tsx';
import { changesOf, countOf, replay, withEdge } from '#components/dependencies/draft.ts';
import { edgeId, pathText } from '#components/dependencies/edge-words.tsx';
import { graphQuery, saveGraph } from '#components/dependencies/queries.ts';

interface Based {
  readonly version: number;
  readonly edges: readonly Edge[];
}
interface Draft {
  readonly base: Based;
  readonly edges: readonly Edge[];
  /** Earlier states, for undo. */
  readonly past: readonly (readonly Edge[])[];
}

/** The path of a cycle that the server refused; null for any other problem. */
function refusedPath(problem: unknown): readonly string[] | null {
  if (!(problem instanceof ApiProblem)) return null;
  const named = [problem, ...problem.issues].find(({ code }) => code === 'dependency_cycle')?.params['path'];
  return Array.isArray(named) ? named : null;
}

/**
 * An edit of a scope's edges: drawn freely, undone step by step, saved as a whole.
 * @param view what is saved now; undefined while it loads.
 */
export function useDraft(scope: string, view: GraphView | undefined) {
  const t = useTranslations('dependencies.edit');
  const client = useQueryClient();
  const problemText = useProblemText();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [stale, setStale] = useState<Based | null>(null);
  const [saving, setSaving] = useState(false);
  const edges = draft?.edges ?? view?.edges ?? [];
  const changes = changesOf(draft?.base.edges ?? [], draft?.edges ?? []);

  const begin = () => {
    setRefusal(null);
    if (view !== undefined && draft === null)
      setDraft({ base: { version: view.version, edges: view.edges }, edges: view.edges, past: [] });
  };
  const change = (next: readonly Edge[]) => {
    setRefusal(null);
    if (draft !== null) setDraft({ ...draft, edges: next, past: [...draft.past, draft.edges] });
  };
  /** Puts an edge in, unless it closes a cycle. @returns the cycle, if it does. */
  const put = (edge: Edge): readonly string[] | null => {
    const cycle = cycleOf(
      edges.filter((known) => edgeId(known) !== edgeId(edge)),
      edge,
    );
    if (cycle === null) change(withEdge(edges, edge));
    else setRefusal(t('cycle', { path: pathText(cycle) }));
    return cycle;
  };
  const leave = () => {
    setDraft(null);
    setRefusal(null);
    setStale(null);
  };

  const send = async (onto: Based, wanted: readonly Edge[]) => {
    const cycle = findCycle(wanted);
    if (cycle !== null) {
      setRefusal(t('cycle', { path: pathText(cycle) }));
      return;
    }
    setSaving(true);
    setRefusal(null);
    try {
      await saveGraph(scope, wanted, onto.version);
      await client.invalidateQueries({ queryKey: [scope, 'dependencies'] });
      toast.success(t('saved'));
      leave();
    } catch (problem) {
      await refuse(problem).catch((again: unknown) => setRefusal(problemText(again)));
    } finally {
      setSaving(false);
    }
  };
  const refuse = async (problem: unknown) => {
    if (problem instanceof ApiProblem && problem.code === 'graph_version_stale') {
      const latest = await client.fetchQuery({ ...graphQuery(scope, null), staleTime: 0 });
      setStale({ version: latest.version, edges: latest.edges });
      return;
    }
    const path = refusedPath(problem);
    const issue = problem instanceof ApiProblem ? problem.issues[0] : undefined;
    setRefusal(path === null ? problemText(issue ?? problem) : t('cycle', { path: pathText(path) }));
  };

  return {
    editing: draft !== null,
    edges,
    changes,
    dirty: draft !== null && countOf(changes) > 0,
    /** What was refused, in words; null when nothing was. */
    refusal,
    setRefusal,
    saving,
    stale,
    base: draft?.base ?? null,
    mayUndo: (draft?.past.length ?? 0) > 0,
    begin,
    put,
    remove: (ids: readonly string[]) => change(edges.filter((edge) => !ids.includes(edgeId(edge)))),
    undo: () => {
      setRefusal(null);
      const last = draft?.past.at(-1);
      if (draft !== null && last !== undefined)
        setDraft({ ...draft, edges: last, past: draft.past.slice(0, -1) });
    },
    leave,
    save: () => (draft === null ? Promise.resolve() : send(draft.base, draft.edges)),
    /** Makes the same changes to what somebody else saved meanwhile. */
    saveOnto: async () => {
      if (stale === null) return;
      const wanted = replay(changes, stale.edges);
      setDraft({ base: stale, edges: wanted, past: [] });
      setStale(null);
      await send(stale, wanted);
    },
    closeStale: () => setStale(null),
  };
}
export type GraphDraft = ReturnType<typeof useDraft>;
