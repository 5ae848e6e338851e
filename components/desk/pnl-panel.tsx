'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { DeskView } from '#domain/desk/view.ts';
import { Money, Percent } from '#components/ui/money.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Signed } from '#components/traders/amount.tsx';

/** The chart's library is fetched when there is a curve to draw. */
const PnlChart = dynamic(() => import('./pnl-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton className="h-52 w-full" />,
});

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="truncate text-sm">{children}</dd>
    </div>
  );
}

/** What today made: realised and unrealised, equity, drawdown, and the curve of it. */
export function PnlPanel({ desk }: { readonly desk: DeskView }) {
  const t = useTranslations('desk.pnl');
  const { pnl, currency, session } = desk;
  const base = pnl.opening ?? String(pnl.points[0]?.[1] ?? 0);
  return (
    <section aria-labelledby="pnl-title" className="flex min-w-0 flex-col">
      <h2 id="pnl-title" className="text-sm font-semibold">
        {t('title')}
      </h2>
      <p className="flex flex-wrap items-baseline gap-x-2 py-1">
        <Signed value={pnl.total} className="text-2xl font-semibold tracking-tight" />
        <span className="text-xs text-ink-3">{currency}</span>
        {pnl.change === null ? null : <Percent value={pnl.change} signed className="text-sm" />}
      </p>
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2 pb-2">
        <Fact label={t('realised')}>
          <Signed value={pnl.realised} />
        </Fact>
        <Fact label={t('unrealised')}>
          <Signed value={pnl.unrealised} />
        </Fact>
        <Fact label={t('costs')}>
          <Money value={pnl.costs} places={0} />
        </Fact>
        <Fact label={t('equity')}>
          <Money value={pnl.equity} places={0} />
        </Fact>
        <Fact label={t('drawdown')}>
          <Percent value={pnl.drawdown === null ? null : -pnl.drawdown} />
        </Fact>
        <Fact label={t('max_drawdown')}>
          <Percent value={pnl.max_drawdown === null ? null : -pnl.max_drawdown} />
        </Fact>
      </dl>
      {pnl.points.length < 2 ? (
        <p className="grid flex-1 place-items-center border-t border-hairline py-6 text-xs text-ink-3">
          {t('no_curve')}
        </p>
      ) : (
        <PnlChart points={pnl.points} base={Number(base)} zone={session.time_zone} />
      )}
    </section>
  );
}
