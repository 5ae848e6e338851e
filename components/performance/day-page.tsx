'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Printer, RefreshCw } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useLocale, useTranslations } from 'use-intl';
import type { SummaryDayView, SummaryRow } from '#domain/performance/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money } from '#components/ui/money.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import { SubjectTable, TripTable } from '#components/performance/day-tables.tsx';
import { Figure, FigureSkeletons, Figures } from '#components/performance/figure.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';
import { dayHref, dayKey, dayQuery, generateDay } from '#components/performance/queries.ts';

// The chart library is heavy: no other page pays for it.
const Charts = dynamic(
  () => import('#components/performance/equity-charts.tsx').then((part) => part.EquityCharts),
  { ssr: false, loading: () => <Skeleton className="h-[25.5rem] w-full" /> },
);

interface DayPageProps {
  readonly scope: string;
  /** Trading day, YYYY-MM-DD. */
  readonly date: string;
}

/** A trading day on one page, which prints on A4. */
export function DayPage({ scope, date }: DayPageProps) {
  const t = useTranslations('performance.day');
  const locale = useLocale();
  const query = useQuery(dayQuery(scope, date));
  const day = query.data;
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(date),
  );
  return (
    <div className="print:text-[9pt]">
      <PageHeader
        parent={
          <Link href={`/${scope}/summaries`} className="hover:text-ink print:hidden">
            {t('parent')}
          </Link>
        }
        title={
          <>
            <span className="hidden print:inline">{t('print_title', { scope })}</span> {date}
            <span className="text-md font-normal text-ink-2">{weekday}</span>
          </>
        }
        description={day === undefined ? <Skeleton className="mt-1 w-64" /> : <Standing day={day} />}
        actions={<Actions scope={scope} date={date} day={day} />}
      />
      {query.isError && day === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : day === undefined ? (
        <Figures>
          <FigureSkeletons count={12} />
        </Figures>
      ) : (
        <Report scope={scope} day={day} />
      )}
    </div>
  );
}

/** Hours of the session, when it was made, and whether it is final. */
function Standing({ day }: { readonly day: SummaryDayView }) {
  const t = useTranslations('performance.day');
  const locale = useLocale();
  const { session, closed_name: closed, summary, time_zone: zone } = day;
  const parts = [
    session === null ? (
      <span key="closed">
        {t('closed')} {closed === null ? null : `(${locale === 'ko' ? closed.ko : closed.en})`}
      </span>
    ) : (
      <span key="session">
        {t('session')} <Time at={session.open} zone={zone} style="time" bare />–
        <Time at={session.close} zone={zone} style="time" />
      </span>
    ),
    summary === null ? null : (
      <span key="made">
        {t('made')} <Time at={summary.generated_at} zone={zone} style="minute" bare />
      </span>
    ),
    summary?.provisional === true ? (
      <span key="provisional" className="text-warning">
        ▲ {t('provisional')}
      </span>
    ) : null,
    summary === null || summary.reported_at === null ? null : (
      <span key="reported">
        {t('reported')} <Time at={summary.reported_at} zone={zone} style="minute" bare />
      </span>
    ),
  ].filter((part) => part !== null);
  return <div className="flex flex-wrap gap-x-4 gap-y-0.5">{parts}</div>;
}

interface ActionsProps {
  readonly scope: string;
  readonly date: string;
  readonly day: SummaryDayView | undefined;
}

function Actions({ scope, date, day }: ActionsProps) {
  const t = useTranslations('performance.day');
  const mayGenerate = useMay('traders.control');
  const generate = useGenerate(scope, date);
  return (
    <div className="flex flex-wrap items-center gap-2 print:hidden">
      <Near scope={scope} date={day?.previous ?? null} label={t('previous')} side="left" />
      <Near scope={scope} date={day?.next ?? null} label={t('next')} side="right" />
      {mayGenerate && day !== undefined && day.session !== null ? (
        <Button busy={generate.isPending} onClick={() => generate.mutate()}>
          <RefreshCw aria-hidden />
          {day.summary === null ? t('generate') : t('generate_again')}
        </Button>
      ) : null}
      <Button onClick={() => window.print()}>
        <Printer aria-hidden />
        {t('print')}
      </Button>
    </div>
  );
}

function useGenerate(scope: string, date: string) {
  const t = useTranslations('performance.day');
  const client = useQueryClient();
  const problemText = useProblemText();
  return useMutation({
    mutationFn: () => generateDay(scope, date),
    onSuccess: (made) => {
      client.setQueryData(dayKey(scope, date), made);
      toast.success(t('generated', { date }));
    },
    onError: (error) => toast.error(problemText(error)),
  });
}

interface NearProps {
  readonly scope: string;
  readonly date: string | null;
  readonly label: string;
  readonly side: 'left' | 'right';
}

/** The nearest day with a summary on one side. */
function Near({ scope, date, label, side }: NearProps) {
  const Icon = side === 'left' ? ChevronLeft : ChevronRight;
  if (date === null)
    return (
      <Button size="icon" disabled aria-label={label}>
        <Icon aria-hidden />
      </Button>
    );
  return (
    <Button size="icon" asChild>
      <Link href={dayHref(scope, date)} aria-label={`${label}: ${date}`} title={date}>
        <Icon aria-hidden />
      </Link>
    </Button>
  );
}

function Report({ scope, day }: { readonly scope: string; readonly day: SummaryDayView }) {
  const t = useTranslations('performance.day');
  const { summary } = day;
  return (
    <div className="flex flex-col gap-8 print:gap-5">
      {summary === null ? (
        <EmptyState
          kind="nothing"
          title={day.session === null ? t('closed_title') : t('none_title')}
          text={day.session === null ? t('closed_text') : t('none_text')}
        />
      ) : (
        <DayFigures summary={summary} />
      )}
      {day.curve.length < 2 ? null : (
        <section aria-labelledby="day-curve" className="break-inside-avoid">
          <h2 id="day-curve" className="pb-2 text-md font-semibold">
            {t('curve')}
          </h2>
          <div className="h-[25.5rem] print:h-auto">
            <Charts
              curve={day.curve}
              zone={day.time_zone}
              opening={openingOf(summary)}
              label={t('curve_label', { date: day.trading_day, scope })}
            />
          </div>
        </section>
      )}
      {day.traders.length === 0 ? null : (
        <section aria-labelledby="day-traders">
          <h2 id="day-traders" className="pb-1 text-md font-semibold">
            {t('traders')}
          </h2>
          <SubjectTable rows={day.traders} caption={t('traders')} who={t('trader')} />
        </section>
      )}
      {day.accounts.length === 0 ? null : (
        <section aria-labelledby="day-accounts">
          <h2 id="day-accounts" className="pb-1 text-md font-semibold">
            {t('accounts')}
          </h2>
          <SubjectTable rows={day.accounts} caption={t('accounts')} who={t('account')} />
        </section>
      )}
      <section aria-labelledby="day-trips">
        <h2 id="day-trips" className="pb-1 text-md font-semibold">
          {t('trips', { count: day.trips.length })}
        </h2>
        {day.trips.length === 0 ? (
          <p className="py-2 text-sm text-ink-3">{t('no_trips')}</p>
        ) : (
          <TripTable trips={day.trips} zone={day.time_zone} />
        )}
      </section>
    </div>
  );
}

/** Where the day's line begins: what was there, and what was paid in on the first day. */
function openingOf(summary: SummaryRow | null): string | null {
  if (summary === null) return null;
  return summary.opening_equity === '0' ? summary.net_flow : summary.opening_equity;
}

function DayFigures({ summary }: { readonly summary: SummaryRow }) {
  const t = useTranslations('performance.figures');
  return (
    <Figures>
      <Figure
        main
        label={t('day_pnl')}
        value={<Money value={summary.pnl} signed />}
        more={<MeasureValue of={summary.return} as="percent" signed />}
      />
      <Figure label={t('realised')} value={<Money value={summary.realised_pnl} signed />} />
      <Figure label={t('unrealised')} value={<Money value={summary.unrealised_pnl} signed />} />
      <Figure
        label={t('win_rate')}
        value={<MeasureValue of={summary.win_rate} as="percent" places={1} reason="below" />}
        more={t('won_of', { wins: summary.wins, trades: summary.trades })}
      />
      <Figure
        label={t('profit_factor')}
        value={<MeasureValue of={summary.profit_factor} as="ratio" reason="below" />}
      />
      <Figure label={t('payoff')} value={<MeasureValue of={summary.payoff} as="ratio" reason="below" />} />
      <Figure
        label={t('expectancy')}
        value={<MeasureValue of={summary.expectancy} as="money" signed reason="below" />}
      />
      <Figure
        label={t('max_drawdown')}
        value={<MeasureValue of={summary.max_drawdown} as="percent" reason="below" />}
        more={<Money value={summary.max_drawdown_amount} />}
      />
      <Figure
        label={t('exposure')}
        value={<MeasureValue of={summary.exposure} as="percent" places={1} reason="below" />}
      />
      <Figure
        label={t('costs')}
        value={<Money value={Number(summary.fees) + Number(summary.taxes)} />}
        more={
          <>
            {t('fees')} <Money value={summary.fees} /> · {t('taxes')} <Money value={summary.taxes} />
          </>
        }
      />
      <Figure label={t('opening_equity')} value={<Money value={summary.opening_equity} />} />
      <Figure
        label={t('closing_equity')}
        value={<Money value={summary.closing_equity} />}
        more={
          summary.net_flow === '0' ? undefined : (
            <>
              {t('flow')} <Money value={summary.net_flow} />
            </>
          )
        }
      />
    </Figures>
  );
}
