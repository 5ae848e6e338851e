'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import type { GraphView } from '#domain/dependencies/view.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { LeaveGuard } from '#components/jobs/editor/leave-guard.tsx';
import { DayChoice } from '#components/dependencies/day-choice.tsx';
import { StaleGraph } from '#components/dependencies/edit-bar.tsx';
import { GraphBoard } from '#components/dependencies/graph-board.tsx';
import { graphQuery } from '#components/dependencies/queries.ts';
import { standingOf, useStandingWord, type Standing } from '#components/dependencies/standing.tsx';
import { graphParsers } from '#components/dependencies/url.ts';
import { useDraft } from '#components/dependencies/use-draft.ts';

interface GraphPageProps {
  readonly scope: string;
  readonly mayEdit: boolean;
  readonly mayControl: boolean;
}

/** The scope's jobs and what waits for what: how the trading day goes, and where the edges are edited. */
export function GraphPage({ scope, mayEdit, mayControl }: GraphPageProps) {
  const t = useTranslations('dependencies');
  const [url, setUrl] = useQueryStates(graphParsers, { history: 'push', clearOnDefault: true });
  const query = useQuery(graphQuery(scope, url.day));
  const view = query.data;
  const draft = useDraft(scope, view);
  const header = (
    <PageHeader
      title={t('title')}
      description={view === undefined ? t('description') : <Summary view={view} />}
      actions={
        <>
          {view === undefined ? null : (
            <DayChoice
              day={url.day ?? view.trading_day}
              isToday={url.day === null}
              onChange={(day) => void setUrl({ day })}
            />
          )}
          {mayEdit && view !== undefined && view.jobs.length > 1 && !draft.editing ? (
            <Button onClick={draft.begin}>
              <Pencil aria-hidden />
              {t('edit.begin')}
            </Button>
          ) : null}
        </>
      }
    />
  );
  if (view === undefined)
    return (
      <>
        {header}
        {query.isError ? (
          <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton className="h-96 w-full" />
        )}
      </>
    );
  return (
    <>
      {header}
      {view.jobs.length === 0 ? (
        <EmptyState
          kind="nothing"
          title={t('empty_title')}
          text={t('empty_text')}
          action={
            <Button asChild>
              <Link href={`/${scope}/jobs`}>{t('to_jobs')}</Link>
            </Button>
          }
        />
      ) : (
        <GraphBoard
          scope={scope}
          view={view}
          draft={draft}
          mayEdit={mayEdit}
          mayControl={mayControl}
          url={url}
          setUrl={(next) => void setUrl(next)}
        />
      )}
      <StaleGraph draft={draft} />
      <LeaveGuard dirty={draft.dirty && !draft.saving} />
    </>
  );
}

const told: readonly Standing[] = [
  'failed',
  'quarantined',
  'blocked',
  'retrying',
  'running',
  'waiting',
  'succeeded',
];

/** How many jobs stand how, what needs somebody first. */
function Summary({ view }: { readonly view: GraphView }) {
  const t = useTranslations('dependencies');
  const word = useStandingWord();
  const counts = Map.groupBy(view.jobs, standingOf);
  const parts = told.flatMap((standing) => {
    const count = counts.get(standing)?.length ?? 0;
    return count === 0 ? [] : [`${word(standing)} ${count}`];
  });
  return <p>{[t('counts', { jobs: view.jobs.length, edges: view.edges.length }), ...parts].join(' · ')}</p>;
}
