'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CandidateView, OrderDetail, OrderView } from '#domain/orders/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { AdoptDialog, NotOursDialog } from '#components/orders/act-dialogs.tsx';
import { OrderStateMark, SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { orderHref, orderQuery, traderHref } from '#components/orders/queries.ts';

/** Orders of which nobody knows whether they reached the broker, each beside what it may be. */
export function UnknownOrders({
  scope,
  orders,
}: {
  readonly scope: string;
  readonly orders: readonly OrderView[];
}) {
  const t = useTranslations('orders.unknown');
  return (
    <section aria-labelledby="unknown-orders">
      <h2 id="unknown-orders" className="flex flex-wrap items-baseline gap-x-2 pb-2 text-sm font-semibold">
        {t('title', { count: orders.length })}
        <span className="font-normal text-ink-2">{t('text')}</span>
      </h2>
      <ul className="flex flex-col gap-3">
        {orders.map((order) => (
          <li key={order.order_id}>
            <UnknownOrder scope={scope} order={order} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One of them: our order, and the broker orders that it may be. */
export function UnknownOrder({ scope, order }: { readonly scope: string; readonly order: OrderView }) {
  const t = useTranslations('orders.unknown');
  const detail = useQuery(orderQuery(scope, order.order_id));
  return (
    <article
      aria-label={t('label', { symbol: order.symbol_name ?? order.symbol })}
      className="grid rounded-lg border border-quarantined/40 bg-surface md:grid-cols-[minmax(15rem,22rem)_minmax(0,1fr)]"
    >
      <OurSide scope={scope} order={order} detail={detail.data} />
      <div className="min-w-0 border-hairline p-3.5 max-md:border-t md:border-l">
        {detail.data === undefined ? (
          <Skeleton className="h-16 w-full" />
        ) : (
          <Candidates scope={scope} order={detail.data} />
        )}
      </div>
    </article>
  );
}

function OurSide({
  scope,
  order,
  detail,
}: {
  readonly scope: string;
  readonly order: OrderView;
  readonly detail: OrderDetail | undefined;
}) {
  const t = useTranslations('orders.unknown');
  const orders = useTranslations('orders');
  const attempt = detail?.attempts.findLast((each) => each.request.kind === 'new');
  return (
    <div className="flex min-w-0 flex-col gap-2 p-3.5">
      <p className="text-2xs font-medium text-ink-3">{t('ours')}</p>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <OrderStateMark state={order.state} />
        <SideMark side={order.side} />
        <Link href={orderHref(scope, order.order_id)} className="min-w-0 hover:underline">
          <SymbolName symbol={order.symbol} name={order.symbol_name} />
        </Link>
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-sm">
        <dt className="text-ink-3">{orders('columns.quantity')}</dt>
        <dd className="text-right">
          <Quantity value={order.quantity} />
        </dd>
        <dt className="text-ink-3">{orders('columns.price')}</dt>
        <dd className="text-right">
          {order.price === null ? orders('market_price') : <Money value={order.price} />}
        </dd>
        <dt className="text-ink-3">{t('sent')}</dt>
        <dd className="text-right">
          <Time at={attempt?.at ?? order.at} style="full" bare />
        </dd>
        {attempt === undefined ? null : (
          <>
            <dt className="text-ink-3">{t('deadline')}</dt>
            <dd className="text-right">
              <Time at={attempt.deadline} style="full" bare />
            </dd>
          </>
        )}
        <dt className="text-ink-3">{orders('columns.trader')}</dt>
        <dd className="text-right">
          <Link href={traderHref(scope, order.trader)} className="hover:underline">
            {order.trader}
          </Link>
        </dd>
      </dl>
      {order.reason === null ? null : (
        <p className="text-xs text-ink-2">
          <Reason code={order.reason.code} params={order.reason.params} />
        </p>
      )}
    </div>
  );
}

function Candidates({ scope, order }: { readonly scope: string; readonly order: OrderDetail }) {
  const t = useTranslations('orders.unknown');
  const mayControl = useMay('orders.control');
  const [asking, setAsking] = useState<{
    readonly act: 'adopt' | 'not_ours';
    readonly of: CandidateView;
  } | null>(null);
  const possible = order.candidate_orders.filter((each) => !each.disowned);
  const disowned = order.candidate_orders.filter((each) => each.disowned);
  const Dialog = asking?.act === 'adopt' ? AdoptDialog : NotOursDialog;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-2xs font-medium text-ink-3">{t('at_broker')}</p>
      <p className="text-sm text-ink-2">
        {possible.length === 0 ? t('none') : t('candidates', { count: possible.length })}
      </p>
      {possible.length === 0 ? null : (
        <ul className="divide-y divide-hairline border-y border-hairline">
          {possible.map((candidate) => (
            <li
              key={candidate.broker_key}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 md:flex-nowrap"
            >
              <CandidateLine candidate={candidate} order={order} />
              {mayControl ? (
                <span className="flex shrink-0 gap-1.5 max-md:w-full max-md:*:flex-1">
                  <Button
                    size="sm"
                    aria-label={`${t('adopt')}: ${candidate.broker_key}`}
                    onClick={() => setAsking({ act: 'adopt', of: candidate })}
                  >
                    {t('adopt')}
                  </Button>
                  <Button
                    size="sm"
                    variant="danger-ghost"
                    aria-label={`${t('not_ours')}: ${candidate.broker_key}`}
                    onClick={() => setAsking({ act: 'not_ours', of: candidate })}
                  >
                    {t('not_ours')}
                  </Button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {disowned.length === 0 ? null : (
        <p className="text-xs text-ink-3">
          {t('disowned', { keys: disowned.map((each) => each.broker_key).join(', ') })}
        </p>
      )}
      {asking === null ? null : (
        <Dialog scope={scope} order={order} candidate={asking.of} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

function CandidateLine({
  candidate,
  order,
}: {
  readonly candidate: CandidateView;
  readonly order: OrderDetail;
}) {
  const t = useTranslations('orders.unknown');
  const orders = useTranslations('orders');
  const sent = order.attempts.findLast((each) => each.request.kind === 'new')?.at ?? order.at;
  const afterSec = Math.round((Date.parse(candidate.at) - Date.parse(sent)) / 100) / 10;
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="font-mono text-xs break-all">{candidate.broker_key}</span>
      <span className="flex flex-wrap gap-x-3 text-xs text-ink-2">
        <span>
          <Time at={candidate.at} style="full" bare /> ({t('after', { sec: afterSec })})
        </span>
        <span>
          <Quantity value={candidate.quantity} /> ×{' '}
          {candidate.price === null ? orders('market_price') : <Money value={candidate.price} />}
        </span>
        <span>
          {t('filled')} <Quantity value={candidate.filled} />
        </span>
      </span>
    </span>
  );
}
