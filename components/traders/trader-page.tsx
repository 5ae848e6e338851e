'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Quantity } from '#components/ui/money.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Elapsed, Time } from '#components/ui/time.tsx';
import { SwitchMenu } from '#components/kill-switch/switch-items.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { ActDialog, type TraderVerb, verbsOf } from './act-dialogs.tsx';
import { Price, Signed, SignedPercent, useFigures } from './amount.tsx';
import { Candidates } from './candidates.tsx';
import { PhaseBadge, shownPhase } from './phase.tsx';
import { Playback } from './playback/playback.tsx';
import { traderHref, traderQuery } from './queries.ts';
import { Settings } from './settings.tsx';
import { Restrictions, Why } from './standing.tsx';
import { StopTrack } from './stop-track.tsx';
import { todayTotal } from './trader-card.tsx';
import { verbIcons } from './trader-menu.tsx';
import { Transitions } from './transitions.tsx';
import { useStrategyName } from './words.ts';

/** One trader: where it stands, its day played back, what it looked at, and what it is set to. */
export function TraderPage({ scope, traderId }: { readonly scope: string; readonly traderId: string }) {
  const t = useTranslations('traders');
  const strategy = useStrategyName();
  const query = useQuery(traderQuery(scope, traderId));
  const trader = query.data;
  if (trader === undefined)
    return query.isError ? (
      <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
    ) : null;
  const { definition } = trader;
  return (
    <>
      <PageHeader
        parent={
          <Link href={traderHref.list(scope)} className="hover:underline">
            {t('title')}
          </Link>
        }
        title={
          <>
            <span className="min-w-0 [overflow-wrap:anywhere]">{definition.name}</span>
            <span className="flex flex-wrap items-center gap-2 text-sm font-normal tracking-normal">
              <PhaseBadge phase={shownPhase(trader.phase, trader.started)} />
              <Elapsed from={trader.phase_since} className="text-xs text-ink-3" />
              <Restrictions trader={trader} />
            </span>
          </>
        }
        description={
          <>
            <p>
              {strategy(definition.strategy)} · {trader.account} · {trader.trader_id}
            </p>
            <p className="mt-1 max-w-prose text-ink">
              <Why trader={trader} />
            </p>
          </>
        }
        actions={<Actions trader={trader} />}
      />
      <Standing trader={trader} />
      <div className="flex flex-col gap-6">
        <Playback trader={trader} />
        <Candidates trader={trader} />
        <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <Transitions trader={trader} />
          <Settings trader={trader} />
        </div>
      </div>
    </>
  );
}

function Actions({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.act');
  const common = useTranslations('common');
  const router = useRouter();
  const may = useMay('traders.control');
  const [verb, setVerb] = useState<TraderVerb | null>(null);
  if (!may) return null;
  return (
    <>
      {verbsOf(trader).map((each) => {
        const Icon = verbIcons[each];
        const danger = each === 'halt' || each === 'delete';
        return (
          <Button key={each} variant={danger ? 'danger-ghost' : 'secondary'} onClick={() => setVerb(each)}>
            <Icon aria-hidden />
            {t(each)}
          </Button>
        );
      })}
      <Button asChild>
        <Link href={traderHref.edit(trader.scope, trader.trader_id)}>
          <Pencil aria-hidden />
          {common('edit')}
        </Link>
      </Button>
      <SwitchMenu level="trader" subject={trader.trader_id} />
      {verb === null ? null : (
        <ActDialog
          scope={trader.scope}
          trader={trader}
          verb={verb}
          onClose={() => setVerb(null)}
          onDeleted={() => router.push(traderHref.list(trader.scope))}
        />
      )}
    </>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="truncate text-sm">{children}</dd>
    </div>
  );
}

/** Today's result, the position with its levels, and the working order, side by side. */
function Standing({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders');
  const { position, today, order } = trader;
  const panel = 'min-w-0 bg-surface p-3';
  return (
    <div className="mb-6 grid gap-px overflow-hidden rounded-lg border border-hairline bg-hairline md:grid-cols-[14rem_minmax(0,1fr)_18rem]">
      <div className={panel}>
        <h2 className="text-xs font-medium text-ink-2">{t('pnl_today')}</h2>
        <p className="py-1">
          <Signed value={todayTotal(trader)} className="text-xl font-semibold" />{' '}
          <span className="text-xs text-ink-3">{trader.currency}</span>
        </p>
        <dl className="grid grid-cols-2 gap-2">
          <Fact label={t('realised')}>
            <Signed value={today.realised} />
          </Fact>
          <Fact label={t('position.unrealised')}>
            <Signed value={today.unrealised} />
          </Fact>
          <Fact label={t('costs')}>
            <Price value={today.costs} />
          </Fact>
          <Fact label={t('orders_today')}>{t('trades', { buys: today.buys, sells: today.sells })}</Fact>
        </dl>
      </div>
      <div className={panel}>
        <h2 className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs font-medium text-ink-2">
          {t('position.title')}
          {position === null ? null : (
            <span className="text-sm font-semibold text-ink">
              {trader.symbol_name ?? trader.symbol}{' '}
              <span className="text-xs font-normal text-ink-3">{trader.symbol}</span>
            </span>
          )}
        </h2>
        {position === null ? (
          <p className="py-2 text-sm text-ink-3">{t('position.none')}</p>
        ) : (
          <>
            <dl className="grid grid-cols-2 gap-2 py-2 sm:grid-cols-5">
              <Fact label={t('position.quantity')}>
                <Quantity value={position.quantity} />
              </Fact>
              <Fact label={t('position.average')}>
                <Price value={position.average} />
              </Fact>
              <Fact label={t('position.last')}>
                <Price value={position.last} />
              </Fact>
              <Fact label={t('position.unrealised')}>
                <Signed value={position.unrealised} />{' '}
                <SignedPercent value={position.change} className="text-xs" />
              </Fact>
              <Fact label={t('position.opened')}>
                {position.opened_at === null ? '–' : <Time at={position.opened_at} bare />}
              </Fact>
            </dl>
            <StopTrack position={position} />
          </>
        )}
      </div>
      <div className={panel}>
        <h2 className="text-xs font-medium text-ink-2">{t('order.title')}</h2>
        {order === null ? (
          <p className="py-2 text-sm text-ink-3">{t('order.none')}</p>
        ) : (
          <Order trader={trader} />
        )}
      </div>
    </div>
  );
}

function Order({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.order');
  const figures = useFigures();
  const { order, exit } = trader;
  if (order === null) return null;
  const filled = Number(order.filled) / Number(order.quantity);
  return (
    <div className="flex flex-col gap-1 py-1 text-sm">
      <p className="flex items-baseline justify-between gap-2">
        <span className="font-medium">
          {t(order.side)} {trader.symbol_name ?? trader.symbol}
        </span>
        <span>
          <Quantity value={order.quantity} /> @ <Price value={order.price} />
        </span>
      </p>
      <div aria-hidden className="h-1 overflow-hidden rounded-full bg-sunken">
        <div className="h-full bg-accent-solid" style={{ width: `${(filled * 100).toFixed(1)}%` }} />
      </div>
      <p className="flex flex-wrap justify-between gap-x-3 text-xs text-ink-2">
        <span>
          {t('filled', {
            filled: figures.quantity(order.filled),
            quantity: figures.quantity(order.quantity),
          })}
        </span>
        <span className="text-ink-3">
          <Time at={order.sent_at} bare />
        </span>
      </p>
      {order.pending === null ? null : (
        <p
          className={order.pending === 'unknown' ? 'text-xs font-medium text-danger' : 'text-xs text-warning'}
        >
          {t(`pending_${order.pending}`)}
        </p>
      )}
      {order.resting ? <p className="text-xs text-ink-2">{t('resting')}</p> : null}
      {exit === null || exit.attempts === 0 ? null : (
        <p className="text-xs text-ink-3">{t('attempts', { count: exit.attempts })}</p>
      )}
    </div>
  );
}
