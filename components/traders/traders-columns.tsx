'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { traderPhases } from '#domain/traders/view.ts';
import { columnHelper } from '#components/ui/data-table.tsx';
import { Elapsed, RelativeTime } from '#components/ui/time.tsx';
import { Quantity } from '#components/ui/money.tsx';
import { Price, Signed, SignedPercent } from './amount.tsx';
import { PhaseBadge, shownPhase } from './phase.tsx';
import { traderHref } from './queries.ts';
import { Restrictions, Why } from './standing.tsx';
import { todayTotal } from './trader-card.tsx';
import { TraderMenu } from './trader-menu.tsx';
import { useStrategyName } from './words.ts';

const top = 'md:py-2 md:align-top';
/** Halted first, then what has money at work. */
const rank = (trader: TraderView) => -traderPhases.indexOf(trader.phase);

/** The columns of the traders list. */
export function useTraderColumns() {
  const t = useTranslations('traders');
  const strategy = useStrategyName();
  return useMemo(() => {
    const h = columnHelper<TraderView>();
    return h.columns([
      h.accessor(rank, {
        id: 'phase',
        header: t('columns.phase'),
        sortFn: 'basic',
        meta: { width: '10rem', className: `${top} max-md:order-2 max-md:col-span-2` },
        cell: ({ row: { original: trader } }) => (
          <span className="flex flex-col items-start gap-0.5">
            <PhaseBadge phase={shownPhase(trader.phase, trader.started)} />
            <Elapsed from={trader.phase_since} className="text-xs text-ink-3" />
            <Restrictions trader={trader} />
          </span>
        ),
      }),
      h.accessor(({ definition }) => definition.name, {
        id: 'trader',
        header: t('columns.trader'),
        sortFn: 'text',
        meta: { priority: 1, className: `${top} min-w-40 max-md:order-1 max-md:pr-20` },
        cell: ({ row: { original: trader } }) => (
          <span className="block min-w-0">
            <Link
              href={traderHref.one(trader.scope, trader.trader_id)}
              className="font-medium underline-offset-2 hover:underline"
            >
              {trader.definition.name}
            </Link>
            <span className="block text-xs text-ink-3">
              {strategy(trader.definition.strategy)} · {trader.trader_id}
            </span>
          </span>
        ),
      }),
      h.accessor(({ symbol }) => symbol ?? '', {
        id: 'symbol',
        header: t('columns.symbol'),
        sortFn: 'text',
        meta: { cardLabel: t('columns.symbol'), width: '12rem', className: `${top} max-md:order-4` },
        cell: ({ row: { original: trader } }) => <SymbolCell trader={trader} />,
      }),
      h.accessor((trader) => Number(trader.position?.unrealised ?? 0), {
        id: 'unrealised',
        header: t('columns.unrealised'),
        sortFn: 'basic',
        meta: {
          cardLabel: t('columns.unrealised'),
          width: '8rem',
          align: 'end',
          className: `${top} max-md:order-5`,
        },
        cell: ({ row: { original: trader } }) =>
          trader.position === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <span className="flex flex-col md:items-end">
              <Signed value={trader.position.unrealised} />
              <SignedPercent value={trader.position.change} className="text-xs" />
            </span>
          ),
      }),
      h.accessor((trader) => Number(todayTotal(trader)), {
        id: 'today',
        header: t('columns.today'),
        sortFn: 'basic',
        meta: {
          cardLabel: t('columns.today'),
          width: '8rem',
          align: 'end',
          className: `${top} max-md:order-6`,
        },
        cell: ({ row: { original: trader } }) => (
          <span className="flex flex-col md:items-end">
            <Signed value={todayTotal(trader)} className="font-medium" />
            <span className="text-xs whitespace-nowrap text-ink-3">
              {t('trades', { buys: trader.today.buys, sells: trader.today.sells })}
            </span>
          </span>
        ),
      }),
      h.display({
        id: 'why',
        header: t('columns.why'),
        meta: {
          cardLabel: t('columns.why'),
          className: `${top} w-[34%] min-w-56 max-md:order-7 max-md:col-span-2 max-md:w-auto`,
        },
        cell: ({ row: { original: trader } }) => (
          <span className="text-xs text-ink-2">
            {trader.last_scan === null || trader.phase !== 'IDLE' ? null : (
              <RelativeTime at={trader.last_scan.at} className="mr-1 text-ink-3" />
            )}
            <Why trader={trader} />
          </span>
        ),
      }),
      h.display({
        id: 'actions',
        header: () => <span className="sr-only">{t('columns.actions')}</span>,
        cell: ({ row }) => <TraderMenu trader={row.original} />,
        meta: {
          width: '2.75rem',
          align: 'end',
          className: `${top} max-md:absolute max-md:top-0.5 max-md:right-9`,
        },
      }),
    ]);
  }, [t, strategy]);
}

function SymbolCell({ trader }: { readonly trader: TraderView }) {
  if (trader.symbol === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="flex min-w-0 flex-col">
      <span className="truncate">{trader.symbol_name ?? trader.symbol}</span>
      {trader.position === null ? null : (
        <span className="text-xs text-ink-3">
          <Quantity value={trader.position.quantity} /> @ <Price value={trader.position.average} />
        </span>
      )}
    </span>
  );
}
