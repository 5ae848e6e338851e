'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { BulkActions } from '#components/runs/bulk-actions.tsx';
import { isFiltered, runTabs, runsParsers } from '#components/runs/filters.ts';
import type { RunTab } from '#components/runs/filters.ts';
import { mostShown, runCountsQuery, runsQuery } from '#components/runs/queries.ts';
import { runHref } from '#components/runs/run-words.tsx';
import { useRunColumns } from '#components/runs/runs-columns.tsx';
import { RunsFilters } from '#components/runs/runs-filters.tsx';
import { useJobZone } from '#components/runs/use-job-zone.ts';

interface RunsPageProps {
  readonly scope: string;
  /** Whether the reader may cancel, rerun and discard. */
  readonly mayControl: boolean;
}

/** Every run of the scope, newest first; the URL holds the filters. */
export function RunsPage({ scope, mayControl }: RunsPageProps) {
  const t = useTranslations('runs');
  const [url, setUrl] = useQueryStates(runsParsers, { history: 'push', clearOnDefault: true });
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(runsQuery(scope, url));
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const columns = useRunColumns(scope, useJobZone(scope));

  const change = (next: Partial<typeof url> | null) => {
    setSelection(new Set());
    void setUrl(next);
  };
  const chosen = useMemo(() => runs?.filter((run) => selection.has(run.run_id)) ?? [], [runs, selection]);
  const capped = (runs?.length ?? 0) >= mostShown && query.hasNextPage;
  const empty = isFiltered(url) ? (
    <EmptyState kind="filtered" onClear={() => change(null)} />
  ) : (
    <EmptyState
      kind="nothing"
      text={t('empty_text')}
      action={
        <Button asChild>
          <Link href={`/${scope}/jobs`}>{t('to_jobs')}</Link>
        </Button>
      }
    />
  );

  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <StateTabs scope={scope} value={url.tab} onChange={(tab) => change({ tab })} />
        <RunsFilters scope={scope} url={url} onChange={change} />
      </div>
      {query.isError && runs === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('caption')}
          columns={columns}
          rows={runs}
          rowId={(run) => run.run_id}
          href={(run) => runHref(scope, run.run_id)}
          skeletonRows={14}
          updating={query.isPlaceholderData}
          empty={empty}
          {...(mayControl
            ? {
                selection,
                onSelectionChange: setSelection,
                bulkActions: <BulkActions scope={scope} runs={chosen} onDone={setSelection} />,
              }
            : {})}
        />
      )}
      {runs === undefined || runs.length === 0 ? null : capped ? (
        <EmptyState kind="capped" limit={runs.length} />
      ) : (
        <LoadMore
          shown={runs.length}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}

/** Quick choices of states with how many there are now. */
function StateTabs({
  scope,
  value,
  onChange,
}: {
  readonly scope: string;
  readonly value: RunTab;
  readonly onChange: (tab: RunTab) => void;
}) {
  const t = useTranslations('runs.tabs');
  const { data } = useQuery(runCountsQuery(scope));
  const counts: Partial<Record<RunTab, number>> = data ?? {};
  return (
    <nav
      aria-label={t('label')}
      className="flex max-w-full gap-0.5 overflow-x-auto rounded-md bg-sunken p-0.5 ring-1 ring-hairline ring-inset"
    >
      {runTabs.map((tab) => {
        const count = counts[tab];
        return (
          <button
            key={tab}
            type="button"
            aria-current={tab === value ? 'true' : undefined}
            onClick={() => onChange(tab)}
            className={cn(
              'ring-inset-focus inline-flex min-h-[calc(var(--control)-4px)] items-center gap-1.5 rounded-[5px] px-2.5 text-xs font-medium whitespace-nowrap text-ink-2 transition-colors hover:text-ink',
              tab === value && 'bg-raised text-ink shadow-[0_0_0_1px_var(--border)]',
            )}
          >
            {t(tab)}
            {count === undefined ? null : (
              <span
                className={cn(
                  'min-w-[1ch] text-right font-normal tabular-nums',
                  tab === 'quarantined' && count > 0 ? 'font-medium text-quarantined' : 'text-ink-3',
                )}
              >
                {count}
              </span>
            )}
          </button>
        );
      })}
    </nav>
  );
}
