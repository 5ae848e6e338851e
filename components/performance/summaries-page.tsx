'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { summaryLevel } from '#domain/performance/summary.ts';
import { Button } from '#components/ui/button.tsx';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { dayHref, summariesCsv, summariesQuery } from '#components/performance/queries.ts';
import { rangeOf } from '#components/performance/range.ts';
import { RangePicker } from '#components/performance/range-picker.tsx';
import { useSummaryColumns } from '#components/performance/summary-columns.tsx';
import { summariesParsers } from '#components/performance/url.ts';

interface SummariesPageProps {
  readonly scope: string;
  /** The scope's newest trading day when the page was asked for. */
  readonly today: string;
}

/** Daily summaries of a range, of the scope or of each account or trader. */
export function SummariesPage({ scope, today }: SummariesPageProps) {
  const t = useTranslations('performance');
  const [url, setUrl] = useQueryStates(summariesParsers, { history: 'replace' });
  const range = rangeOf(url, today);
  const asked = { ...range, level: url.level };
  const query = useInfiniteQuery(summariesQuery(scope, asked));
  const columns = useSummaryColumns(url.level);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return (
    <>
      <PageHeader
        title={t('summaries.title')}
        description={t('summaries.description')}
        actions={
          <>
            <Button asChild>
              <Link href={dayHref(scope, today)}>{t('summaries.today')}</Link>
            </Button>
            <Button asChild>
              <a href={summariesCsv(scope, asked)} download>
                <Download aria-hidden />
                CSV
              </a>
            </Button>
          </>
        }
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-4">
        <RangePicker url={url} shown={range} onChange={(next) => void setUrl(next)} />
        <Segmented
          label={t('summaries.level')}
          value={url.level}
          onChange={(level) => void setUrl({ level })}
          options={summaryLevel.options.map((value) => ({ value, label: t(`level.${value}`) }))}
        />
      </div>
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <DataTable
            caption={t('summaries.caption')}
            columns={columns}
            rows={rows}
            rowId={(row) => `${row.trading_day} ${row.subject}`}
            href={(row) => dayHref(scope, row.trading_day)}
            empty={
              <EmptyState
                kind="nothing"
                title={t('summaries.empty_title')}
                text={t('summaries.empty_text')}
              />
            }
          />
          {rows === undefined || rows.length === 0 ? null : (
            <LoadMore
              shown={rows.length}
              hasMore={query.hasNextPage}
              busy={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          )}
        </>
      )}
    </>
  );
}
