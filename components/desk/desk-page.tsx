'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { DeskView } from '#domain/desk/view.ts';
import { useScopeNow } from '#components/timeline/day.ts';
import { TemplateOffer } from '#components/template/template-offer.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { type Concern, concernsOf } from './attention.ts';
import { DayStrip } from './day-strip.tsx';
import { NextPanel } from './next-panel.tsx';
import { PnlPanel } from './pnl-panel.tsx';
import { PositionsPanel } from './positions-panel.tsx';
import { deskQuery, deskTradersQuery, openAlertsQuery, switchesQuery } from './queries.ts';
import { SessionClock } from './session-clock.tsx';
import { TradersPanel } from './traders-panel.tsx';

interface DeskProps {
  readonly scope: string;
  /** The scope's time when the page was made, ISO. */
  readonly asOf: string;
}

/** Today on one page: is the desk all right, what does it do, what comes next, what needs somebody. */
export function DeskPage({ scope, asOf }: DeskProps) {
  const t = useTranslations('desk');
  const mayEdit = useMay('jobs.edit');
  const query = useQuery(deskQuery(scope));
  const traders = useQuery(deskTradersQuery(scope));
  const concerns = useConcerns(scope, query.data);
  const now = useScopeNow(query.data?.now, query.dataUpdatedAt, Date.parse(asOf));
  const desk = query.data;
  if (desk === undefined)
    return (
      <>
        <h1 className="sr-only">{t('title')}</h1>
        {query.isError ? (
          <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div aria-busy className="flex flex-col gap-4">
            <Skeleton className="h-16 w-full" />
            <Skeleton className="h-72 w-full" />
          </div>
        )}
      </>
    );
  const panel = 'min-w-0 bg-surface p-3';
  return (
    <div className="flex flex-col gap-5">
      <header className="flex flex-col gap-3">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h1 className="text-lg font-semibold tracking-tight">{t('title')}</h1>
          <Verdict concerns={concerns} />
        </div>
        <SessionClock session={desk.session} now={now} />
      </header>
      {mayEdit && traders.data?.counts.total === 0 ? <TemplateOffer scope={scope} /> : null}
      <div className="grid gap-px overflow-hidden rounded-lg border border-hairline bg-hairline lg:grid-cols-2 xl:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)]">
        <div className={panel}>
          <PnlPanel desk={desk} />
        </div>
        <div className={panel}>
          {traders.data === undefined ? (
            <Skeleton className="h-64 w-full" />
          ) : (
            <TradersPanel scope={scope} traders={traders.data} />
          )}
        </div>
        <div className={cn(panel, 'max-xl:order-first max-xl:lg:col-span-2')}>
          <AttentionPanel scope={scope} concerns={concerns} />
        </div>
      </div>
      <PositionsPanel scope={scope} positions={desk.positions} />
      <div className="grid gap-x-8 gap-y-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <DayStrip scope={scope} session={desk.session} now={now} />
        <NextPanel scope={scope} fires={desk.next_fires} zone={desk.session.time_zone} now={now} />
      </div>
    </div>
  );
}

/** What needs somebody, of everything that can say so; undefined while the first of it is read. */
function useConcerns(scope: string, desk: DeskView | undefined): readonly Concern[] | undefined {
  const traders = useQuery(deskTradersQuery(scope)).data;
  const alerts = useQuery(openAlertsQuery(scope)).data;
  const switches = useQuery(switchesQuery(scope)).data;
  return useMemo(
    () =>
      desk === undefined || traders === undefined
        ? undefined
        : concernsOf(scope, { desk, traders: traders.items, alerts: alerts?.items ?? [], switches }),
    [scope, desk, traders, alerts, switches],
  );
}

/** Whether the desk is all right, in a word. */
function Verdict({ concerns }: { readonly concerns: readonly Concern[] | undefined }) {
  const t = useTranslations('desk.verdict');
  if (concerns === undefined) return null;
  const critical = concerns.filter(({ severity }) => severity === 'critical').length;
  const state = critical > 0 ? 'critical' : concerns.length > 0 ? 'attention' : 'well';
  const look = { critical: ['◆', 'text-danger'], attention: ['▲', 'text-warning'], well: ['●', 'text-ok'] }[
    state
  ];
  return (
    <p className={cn('text-sm font-medium', look?.[1])}>
      <span aria-hidden className="mr-1 text-xs">
        {look?.[0]}
      </span>
      {t(state, { count: critical > 0 ? critical : concerns.length })}
    </p>
  );
}
