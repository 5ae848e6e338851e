'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { type TraderView, traderPhases } from '#domain/traders/view.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Signed, SignedPercent } from '#components/traders/amount.tsx';
import { PhaseBadge, PhaseIcon, shownPhase } from '#components/traders/phase.tsx';
import { traderHref } from '#components/traders/queries.ts';
import { todayTotal } from '#components/traders/trader-card.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import type { DeskTraders } from './queries.ts';

/** Traders listed before one goes to their own page. */
const rowsShown = 10;
const order = ['HALTED', 'EXITING', 'ENTERING', 'HOLDING', 'SCANNING', 'IDLE'];

interface PanelProps {
  readonly scope: string;
  readonly traders: DeskTraders;
}

/** How many traders are in each phase, and those with something at work. */
export function TradersPanel({ scope, traders: { items, counts } }: PanelProps) {
  const t = useTranslations('desk.traders');
  const phases = useTranslations('traders.phase');
  const may = useMay('traders.control');
  const rows = items
    .toSorted(
      (a, b) => order.indexOf(a.phase) - order.indexOf(b.phase) || Number(b.started) - Number(a.started),
    )
    .slice(0, rowsShown);
  return (
    <section aria-labelledby="traders-title" className="flex min-w-0 flex-col">
      <h2 id="traders-title" className="flex items-baseline gap-2 pb-1 text-sm font-semibold">
        {t('title')}
        <span className="text-xs font-normal text-ink-3">
          {t('started', { started: counts.started, total: counts.total })}
        </span>
      </h2>
      {counts.total === 0 ? (
        <EmptyState
          kind="nothing"
          title={t('none')}
          action={
            may ? (
              <Button asChild>
                <Link href={traderHref.create(scope)}>{t('make')}</Link>
              </Button>
            ) : undefined
          }
        />
      ) : (
        <>
          <ul className="flex flex-wrap gap-x-1 gap-y-1 pb-2">
            {traderPhases.map((phase) => (
              <li key={phase}>
                <Link
                  href={`${traderHref.list(scope)}?phase=${phase}`}
                  aria-label={t('in_phase', { phase: phases(phase), count: counts[phase] })}
                  className={cn(
                    'flex min-h-(--touch) items-center gap-1.5 rounded-md border border-hairline px-2 text-xs hover:bg-hover',
                    counts[phase] === 0 && 'text-ink-3',
                  )}
                >
                  <PhaseIcon phase={phase} className="size-3" />
                  {phases(phase)}
                  <span className="font-semibold tabular-nums">{counts[phase]}</span>
                </Link>
              </li>
            ))}
          </ul>
          <ul className="divide-y divide-hairline border-t border-hairline">
            {rows.map((trader) => (
              <Row key={trader.trader_id} trader={trader} />
            ))}
          </ul>
          {counts.total > rows.length ? (
            <Link
              href={traderHref.list(scope)}
              className="touch flex items-center pt-1.5 text-xs text-accent underline underline-offset-2"
            >
              {t('all', { count: counts.total })}
            </Link>
          ) : null}
        </>
      )}
    </section>
  );
}

function Row({ trader }: { readonly trader: TraderView }) {
  const { position } = trader;
  return (
    <li className="grid min-h-(--row) grid-cols-[5.5rem_minmax(0,1fr)_auto_6rem] items-center gap-x-2 text-sm max-md:grid-cols-[5rem_minmax(0,1fr)_auto]">
      <PhaseBadge phase={shownPhase(trader.phase, trader.started)} className="text-xs" />
      <span className="min-w-0 truncate">
        <Link
          href={traderHref.one(trader.scope, trader.trader_id)}
          className="underline-offset-2 hover:underline max-md:inline-block max-md:py-3"
        >
          {trader.definition.name}
        </Link>
        {trader.symbol === null ? null : (
          <span className="ml-1.5 text-xs text-ink-3">{trader.symbol_name ?? trader.symbol}</span>
        )}
      </span>
      <SignedPercent value={position?.change ?? null} className="text-xs max-md:hidden" />
      <Signed value={todayTotal(trader)} className="col-start-[-2] text-right" />
    </li>
  );
}
