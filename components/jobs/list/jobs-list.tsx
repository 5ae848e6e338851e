'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus, Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { TemplateOffer } from '#components/template/template-offer.tsx';
import { useShortcut } from '#components/shell/shortcuts.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { fetchJobs, jobHref, jobKeys, readAgain, jobStates } from '#components/jobs/queries.ts';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { BulkActions, BulkDialog } from '#components/jobs/list/bulk.tsx';
import type { BulkVerb } from '#components/jobs/list/bulk.tsx';
import { jobFilters } from '#components/jobs/list/filters.ts';
import { useJobColumns } from '#components/jobs/list/columns.tsx';

/** Beyond this many the list asks for a narrower filter. */
const mostShown = 1_000;

/** All jobs of a scope. */
export function JobsList({ scope }: { readonly scope: string }) {
  const t = useTranslations('jobs.list');
  const router = useRouter();
  const mayRun = useMay('jobs.run');
  const mayEdit = useMay('jobs.edit');
  const [filters, setFilters] = useQueryStates(jobFilters, { history: 'replace' });
  const q = useDebounced(filters.q, 200);
  const filter = { q, state: filters.state };
  const query = useInfiniteQuery({
    queryKey: jobKeys.list(scope, filter),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchJobs(scope, filter, pageParam, signal),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => readAgain(state.data?.pages.flatMap((page) => page.items)),
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [verb, setVerb] = useState<BulkVerb | null>(null);
  const columns = useJobColumns();
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const filtered = filters.q !== '' || filters.state !== null;
  const count = rows?.length ?? 0;
  const clear = () => void setFilters({ q: null, state: null });
  useShortcut('n', () => router.push(jobHref.create(scope)), { label: t('new'), enabled: mayEdit });

  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={mayEdit ? <NewJobButton scope={scope} /> : undefined}
      />
      <div className="flex flex-wrap items-center gap-2 pb-3">
        <div className="relative w-72 max-md:w-full">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
          />
          <Input
            type="search"
            data-page-search
            className="pl-8"
            aria-label={t('search')}
            placeholder={t('search')}
            value={filters.q}
            onChange={(event) =>
              void setFilters({ q: event.target.value === '' ? null : event.target.value })
            }
          />
        </div>
        <Segmented
          label={t('state')}
          value={filters.state ?? 'all'}
          onChange={(state) => void setFilters({ state: state === 'all' ? null : state })}
          options={(['all', ...jobStates] as const).map((value) => ({ value, label: t(`filter_${value}`) }))}
        />
      </div>
      {mayEdit && !filtered && rows?.length === 0 ? <TemplateOffer scope={scope} /> : null}
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('title')}
          columns={columns}
          rows={rows}
          rowId={(job) => job.job_id}
          href={(job) => jobHref.one(job.scope, job.job_id)}
          updating={query.isPlaceholderData}
          {...(mayRun
            ? {
                selection: selected,
                onSelectionChange: setSelected,
                bulkActions: <BulkActions onVerb={setVerb} />,
              }
            : {})}
          empty={
            filtered ? (
              <EmptyState kind="filtered" onClear={clear} />
            ) : (
              <EmptyState
                kind="nothing"
                title={t('nothing_title')}
                text={t('nothing_text')}
                action={mayEdit ? <NewJobButton scope={scope} /> : undefined}
              />
            )
          }
        />
      )}
      {count === 0 ? null : count >= mostShown && query.hasNextPage ? (
        <EmptyState kind="capped" limit={mostShown} />
      ) : (
        <LoadMore
          shown={count}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
      {verb === null ? null : (
        <BulkDialog
          scope={scope}
          verb={verb}
          jobIds={[...selected]}
          onClose={(failed) => {
            setVerb(null);
            if (failed !== null) setSelected(new Set(failed));
          }}
        />
      )}
    </>
  );
}

function NewJobButton({ scope }: { readonly scope: string }) {
  const t = useTranslations('jobs.list');
  return (
    <Button asChild variant="primary">
      <Link href={jobHref.create(scope)}>
        <Plus aria-hidden />
        {t('new')}
        <span aria-hidden className="max-md:hidden">
          <Kbd keys="n" inverted />
        </span>
      </Link>
    </Button>
  );
}
