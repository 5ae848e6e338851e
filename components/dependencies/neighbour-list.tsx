'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { edgeId, useEdgeLabel, useEdgeSentence } from '#components/dependencies/edge-words.tsx';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';
import { jobHref } from '#components/runs/run-words.tsx';

interface NeighbourListProps {
  readonly scope: string;
  readonly title: string;
  readonly empty: string;
  readonly edges: readonly Edge[];
  /** Which end of each edge is the other job. */
  readonly side: 'upstream' | 'downstream';
  readonly jobs: ReadonlyMap<string, GraphJob>;
  /** Rules as whole sentences rather than in a word or two. */
  readonly full?: boolean;
}

/** The jobs on one side of a job, how each stands, and what the edge between them does. */
export function NeighbourList({ scope, title, empty, edges, side, jobs, full = false }: NeighbourListProps) {
  const label = useEdgeLabel();
  const sentence = useEdgeSentence();
  const t = useTranslations('dependencies.detail');
  return (
    <section>
      <h3 className={full ? 'text-sm font-semibold' : 'text-xs font-medium text-ink-2'}>
        {title}
        <span className="ml-1.5 font-normal text-ink-3">{edges.length}</span>
      </h3>
      {edges.length === 0 ? (
        <p className="mt-0.5 text-sm text-ink-3">{empty}</p>
      ) : (
        <ul className="mt-1 flex flex-col divide-y divide-hairline">
          {edges.map((edge) => {
            const job = jobs.get(edge[side]);
            return (
              <li key={edgeId(edge)} className="flex flex-col gap-0.5 py-1.5">
                <div className="flex flex-wrap items-center justify-between gap-x-3">
                  <Link
                    href={jobHref(scope, edge[side])}
                    className="inline-flex min-h-6 items-center text-sm font-medium [overflow-wrap:anywhere] hover:underline max-md:min-h-11"
                  >
                    {edge[side]}
                  </Link>
                  {job === undefined ? (
                    <span className="text-xs text-ink-3">{t('unknown')}</span>
                  ) : (
                    <StandingMark standing={standingOf(job)} className="text-xs" />
                  )}
                </div>
                <p className="text-xs text-ink-2">{full ? sentence(edge) : label(edge)}</p>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
