'use client';

import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { gates, starts, type Edge } from '#domain/dependencies/edge.ts';
import type { Link } from '#domain/dependencies/paths.ts';

/** Names an edge among others. */
export const edgeId = (edge: Link) => `${edge.upstream}>${edge.downstream}`;

/** What an edge does, as sentences that name both jobs. */
export function useEdgeSentence(): (edge: Edge) => string {
  const t = useTranslations('dependencies.rule');
  return useCallback(
    (edge) => {
      const jobs = { upstream: edge.upstream, downstream: edge.downstream };
      const start = starts(edge) ? t(`${edge.each ? 'each' : 'trigger'}_${edge.on}`, jobs) : null;
      const wait = gates(edge) ? t(`gate_${edge.satisfied_by}_${edge.on}`, jobs) : null;
      return [start, wait].filter((text) => text !== null).join(' ');
    },
    [t],
  );
}

/** An edge in two or three words: its kind, and what differs from the usual. */
export function useEdgeLabel(): (edge: Edge) => string {
  const t = useTranslations('dependencies');
  return useCallback(
    (edge) =>
      [
        t(`kind.${edge.kind}`),
        edge.on === 'any' ? t('short.any_end') : null,
        gates(edge) && edge.satisfied_by !== 'latest' ? t(`short.${edge.satisfied_by}`) : null,
        starts(edge) && edge.each ? t('short.each') : null,
      ]
        .filter((text) => text !== null)
        .join(' · '),
    [t],
  );
}

/** A path of jobs: `a → b → a`. */
export const pathText = (path: readonly string[]) => path.join(' → ');
