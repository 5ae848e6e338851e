'use client';

import { useQuery } from '@tanstack/react-query';
import { Download, X } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import { type PnlView, breakdown } from '#domain/performance/view.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money } from '#components/ui/money.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { BreakdownTable } from '#components/performance/breakdown-table.tsx';
import { DaysTable } from '#components/performance/days-table.tsx';
import { HeatMap } from '#components/performance/heat-map.tsx';
import { PnlFigures } from '#components/performance/pnl-figures.tsx';
import { pnlCsv, pnlQuery } from '#components/performance/queries.ts';
import { rangeOf } from '#components/performance/range.ts';
import { RangePicker } from '#components/performance/range-picker.tsx';
import { pnlParsers } from '#components/performance/url.ts';

const chartHeight = 'h-[25.5rem]';
// The chart library is heavy: no other page pays for it.
const Charts = dynamic(
  () => import('#components/performance/equity-charts.tsx').then((part) => part.EquityCharts),
  { ssr: false, loading: () => <Skeleton className={cn(chartHeight, 'w-full')} /> },
);

interface PnlPageProps {
  readonly scope: string;
  /** The scope's newest trading day when the page was asked for. */
  readonly today: string;
}

/** What a range of days brought: curve, days, who and what earned it. */
export function PnlPage({ scope, today }: PnlPageProps) {
  const t = useTranslations('performance');
  const [url, setUrl] = useQueryStates(pnlParsers, { history: 'replace' });
  const range = rangeOf(url, today);
  const asked = { ...range, by: url.by, trader: url.trader };
  const query = useQuery(pnlQuery(scope, asked));
  const pnl = query.data;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={<AsOf pnl={pnl} />}
        actions={
          <Button asChild>
            <Link href={`/${scope}/summaries`}>{t('to_summaries')}</Link>
          </Button>
        }
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pb-4">
        <RangePicker url={url} shown={range} onChange={(next) => void setUrl(next)} />
        {url.trader === null ? null : (
          <Button size="sm" onClick={() => void setUrl({ trader: null })}>
            {t('only_trader', { trader: url.trader })}
            <X aria-hidden />
            <span className="sr-only">{t('all_traders')}</span>
          </Button>
        )}
      </div>
      {query.isError && pnl === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : pnl !== undefined && pnl.curve.length === 0 && pnl.days.length === 0 ? (
        <EmptyState kind="nothing" title={t('empty_title')} text={t('empty_text')} />
      ) : (
        <div
          className={cn('flex flex-col gap-8', query.isPlaceholderData && 'opacity-60 transition-opacity')}
        >
          <PnlFigures pnl={pnl} />
          <section aria-labelledby="performance-curve" className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h2 id="performance-curve" className="text-md font-semibold">
                {t('charts.title')}
              </h2>
              <Segmented
                label={t('view.label')}
                value={url.view}
                onChange={(view) => void setUrl({ view })}
                options={(['chart', 'table'] as const).map((value) => ({ value, label: t(`view.${value}`) }))}
              />
            </div>
            {pnl === undefined ? (
              <Skeleton className={cn(chartHeight, 'w-full')} />
            ) : url.view === 'table' ? (
              <DaysTable scope={scope} days={pnl.days} />
            ) : (
              <Curve scope={scope} pnl={pnl} />
            )}
          </section>
          <section aria-labelledby="performance-breakdown" className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h2 id="performance-breakdown" className="text-md font-semibold">
                {t('breakdown')}
              </h2>
              <div className="flex max-w-full flex-wrap items-center gap-2">
                <Segmented
                  label={t('by.label')}
                  value={url.by}
                  onChange={(by) => void setUrl({ by })}
                  options={breakdown.options.map((value) => ({ value, label: t(`by.${value}`) }))}
                />
                <Button asChild>
                  <a href={pnlCsv(scope, asked)} download>
                    <Download aria-hidden />
                    CSV
                  </a>
                </Button>
              </div>
            </div>
            <BreakdownTable
              scope={scope}
              by={pnl?.by ?? url.by}
              rows={pnl?.rows}
              updating={query.isPlaceholderData}
              onTrader={(trader) => void setUrl({ trader })}
            />
          </section>
        </div>
      )}
    </>
  );
}

function AsOf({ pnl }: { readonly pnl: PnlView | undefined }) {
  const t = useTranslations('performance');
  if (pnl === undefined) return <span>{t('description')}</span>;
  return (
    <span>
      {t('description')} <span className="text-ink-3">{t('as_of')}</span>{' '}
      <Time at={pnl.at} zone={pnl.time_zone} style="full" className="text-ink-3" />
    </span>
  );
}

function Curve({ scope, pnl }: { readonly scope: string; readonly pnl: PnlView }) {
  const t = useTranslations('performance');
  const flat = pnl.opening_equity === '0' ? pnl.net_flow : pnl.opening_equity;
  return (
    <>
      <div className={chartHeight}>
        <Charts
          curve={pnl.curve}
          zone={pnl.time_zone}
          opening={flat}
          label={t('charts.label', { from: pnl.from, to: pnl.to })}
        />
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-2 pt-3">
        <h3 className="text-sm font-semibold">{t('heat.title')}</h3>
        <p className="text-xs text-ink-3">
          {t('heat.total')} <Money value={pnl.pnl} signed />
        </p>
      </div>
      <HeatMap scope={scope} days={pnl.days} />
    </>
  );
}
