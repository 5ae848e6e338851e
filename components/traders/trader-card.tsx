'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { Elapsed, RelativeTime } from '#components/ui/time.tsx';
import { Quantity } from '#components/ui/money.tsx';
import { Price, Signed, SignedPercent } from './amount.tsx';
import { PhaseBadge, shownPhase } from './phase.tsx';
import { traderHref } from './queries.ts';
import { Restrictions, Why } from './standing.tsx';
import { StopTrack } from './stop-track.tsx';
import { TraderMenu } from './trader-menu.tsx';
import { useStrategyName } from './words.ts';

interface CardProps {
  readonly trader: TraderView;
  /** Null where nothing can be ticked. */
  readonly selected: boolean | null;
  readonly onSelect: (selected: boolean) => void;
}

export const todayTotal = ({ today }: TraderView): string => today.total;

/** A trader at a glance: what it does, what it holds, what it made, and why. */
export function TraderCard({ trader, selected, onSelect }: CardProps) {
  const t = useTranslations('traders');
  const common = useTranslations('common.table');
  const strategy = useStrategyName();
  const { definition, position } = trader;
  return (
    <li
      className={cn(
        'flex min-w-0 flex-col gap-2.5 rounded-lg border bg-surface p-3',
        trader.phase === 'HALTED' ? 'border-danger/40' : 'border-hairline',
        selected === true && 'bg-selected',
      )}
    >
      <div className="flex items-start gap-2">
        {selected === null ? null : (
          <Checkbox
            className="mt-0.5"
            aria-label={common('select_row', { name: trader.trader_id })}
            checked={selected}
            onCheckedChange={(checked) => onSelect(checked === true)}
          />
        )}
        <div className="min-w-0 flex-1">
          <Link
            href={traderHref.one(trader.scope, trader.trader_id)}
            className="block truncate text-sm font-semibold underline-offset-2 hover:underline max-md:py-0.5"
          >
            {definition.name}
          </Link>
          <p className="truncate text-xs text-ink-3">
            {strategy(definition.strategy)} · {definition.interval}
          </p>
        </div>
        <div className="text-right">
          <Signed value={todayTotal(trader)} className="text-sm font-semibold" />
          <p className="text-2xs text-ink-3">{t('pnl_today')}</p>
        </div>
        <TraderMenu trader={trader} />
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <PhaseBadge phase={shownPhase(trader.phase, trader.started)} />
        <Elapsed from={trader.phase_since} className="text-xs text-ink-3" />
        <Restrictions trader={trader} />
      </div>
      {position === null ? null : (
        <div className="flex flex-col gap-1.5">
          <div className="flex items-baseline justify-between gap-2 text-sm">
            <span className="min-w-0 truncate">
              <span className="font-medium">{trader.symbol_name ?? trader.symbol}</span>{' '}
              <span className="text-xs text-ink-3">
                <Quantity value={position.quantity} /> @ <Price value={position.average} />
              </span>
            </span>
            <span className="flex items-baseline gap-1.5">
              <Price value={position.last} />
              <SignedPercent value={position.change} className="text-xs" />
            </span>
          </div>
          <StopTrack position={position} />
        </div>
      )}
      {position === null && trader.symbol !== null ? (
        <p className="text-sm font-medium">{trader.symbol_name ?? trader.symbol}</p>
      ) : null}
      <p className="mt-auto border-t border-hairline pt-2 text-xs text-ink-2">
        {trader.last_scan === null || trader.phase !== 'IDLE' || !trader.started ? null : (
          <RelativeTime at={trader.last_scan.at} className="mr-1 text-ink-3" />
        )}
        <Why trader={trader} />
      </p>
    </li>
  );
}
