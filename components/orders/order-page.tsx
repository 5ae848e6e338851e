'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { endedOrderStates } from '#domain/orders/order.ts';
import type { OrderState } from '#domain/orders/order.ts';
import type { OrderDetail } from '#domain/orders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { CancelOrderDialog } from '#components/orders/act-dialogs.tsx';
import { useBrokerColumns } from '#components/orders/external-tab.tsx';
import { OrderAttempts } from '#components/orders/order-attempts.tsx';
import { OrderEvents } from '#components/orders/order-events.tsx';
import { OrderStateMark, SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { orderQuery, traderHref } from '#components/orders/queries.ts';
import { UnknownOrder } from '#components/orders/unknown-orders.tsx';

const over: readonly OrderState[] = endedOrderStates;

/** One order: what was asked and why, every try to send it, what the broker has of it, and all that moved it. */
export function OrderPage({ scope, orderId }: { readonly scope: string; readonly orderId: string }) {
  const order = useQuery(orderQuery(scope, orderId));
  if (order.data !== undefined) return <OrderBody scope={scope} order={order.data} />;
  if (order.isError)
    return <EmptyState kind="failed" error={order.error} onRetry={() => void order.refetch()} />;
  return (
    <div aria-busy className="flex flex-col gap-4 pt-2">
      <Skeleton className="h-6 w-64" />
      <Skeleton className="h-24 w-full" />
    </div>
  );
}

function OrderBody({ scope, order }: { readonly scope: string; readonly order: OrderDetail }) {
  const t = useTranslations('orders');
  const mayControl = useMay('orders.control');
  const [cancelling, setCancelling] = useState(false);
  const open = !over.includes(order.state);
  const columns = useBrokerColumns();
  return (
    <>
      <PageHeader
        parent={
          <Link href={`/${scope}/orders`} className="hover:text-ink hover:underline">
            {t('back')}
          </Link>
        }
        title={
          <>
            <SideMark side={order.side} />
            <SymbolName symbol={order.symbol} name={order.symbol_name} />
            <span className="text-sm font-normal tracking-normal">
              <OrderStateMark state={order.state} />
            </span>
          </>
        }
        description={<span className="font-mono text-xs break-all text-ink-3">{order.order_id}</span>}
        {...(mayControl && open && order.state !== 'unknown'
          ? {
              actions: (
                <Button disabled={order.wanted?.kind === 'cancel'} onClick={() => setCancelling(true)}>
                  {t('cancel')}
                </Button>
              ),
            }
          : {})}
      />
      <div className="flex flex-col gap-6">
        <Why order={order} />
        {order.state === 'unknown' ? <UnknownOrder scope={scope} order={order} /> : null}
        <Facts scope={scope} order={order} />
        <Section id="attempts" title={t('sections.attempts')} hint={t('sections.attempts_hint')}>
          <OrderAttempts order={order} />
        </Section>
        <Section id="broker" title={t('sections.broker')} hint={t('sections.broker_hint')}>
          <DataTable
            caption={t('sections.broker')}
            columns={columns}
            rows={order.broker_orders}
            rowId={(each) => each.broker_key}
            empty={
              <p className="border-y border-hairline py-3 text-sm text-ink-3">{t('no_broker_orders')}</p>
            }
          />
        </Section>
        <Section id="events" title={t('sections.events')}>
          <OrderEvents order={order} />
        </Section>
      </div>
      {cancelling ? (
        <CancelOrderDialog scope={scope} order={order} onClose={() => setCancelling(false)} />
      ) : null}
    </>
  );
}

function Section({
  id,
  title,
  hint,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="flex flex-wrap items-baseline gap-x-2 pb-2 text-sm font-semibold">
        {title}
        {hint === undefined ? null : <span className="text-xs font-normal text-ink-3">{hint}</span>}
      </h2>
      {children}
    </section>
  );
}

/** Why it was placed, why it is where it is, and a change that is on its way. */
function Why({ order }: { readonly order: OrderDetail }) {
  const t = useTranslations('orders');
  const reason = useReason();
  const lines: readonly (readonly [string, string])[] = [
    [t('cause'), reason(order.cause)],
    ...(order.reason === null ? [] : [[t('standing'), reason(order.reason)] as const]),
    ...(order.wanted === null
      ? []
      : [
          [
            t(order.wanted.kind === 'cancel' ? 'cancelling' : 'revising'),
            reason(order.wanted.reason),
          ] as const,
        ]),
  ];
  return (
    <dl className="grid gap-x-4 gap-y-1 rounded-lg bg-sunken px-3.5 py-2.5 text-sm md:grid-cols-[auto_minmax(0,1fr)]">
      {lines.map(([label, words]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3 max-md:text-xs">{label}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ scope, order }: { readonly scope: string; readonly order: OrderDetail }) {
  const t = useTranslations('orders');
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      t('columns.filled'),
      <span key="filled">
        <Quantity value={order.filled} /> <span className="text-ink-3">/</span>{' '}
        <Quantity value={order.quantity} />
      </span>,
    ],
    [
      t('columns.price'),
      order.price === null ? t('market_price') : <Money key="price" value={order.price} />,
    ],
    [t('columns.average'), <Money key="average" value={order.average_price} places={2} />],
    [t('columns.amount'), <Money key="amount" value={order.amount} places={2} />],
    [t('columns.fee'), <Money key="fee" value={order.fees} places={2} />],
    [t('columns.tax'), <Money key="tax" value={order.taxes} places={2} />],
    [
      t('columns.trader'),
      <Link key="trader" href={traderHref(scope, order.trader)} className="hover:underline">
        {order.trader} <span className="text-ink-3">#{order.seq}</span>
      </Link>,
    ],
    [t('columns.account'), order.account],
    [t('columns.at'), <Time key="at" at={order.at} style="full" />],
    [t('ended'), order.ended_at === null ? '–' : <Time key="ended" at={order.ended_at} style="full" />],
    [t('trading_day'), order.trading_day],
    [
      t('purpose.label'),
      <span key="purpose" className="inline-flex items-center gap-1.5">
        {t(`purpose.${order.purpose}`)}
        {order.flatten ? <Badge tone="warning">{t('flatten')}</Badge> : null}
      </span>,
    ],
    [t('fencing'), order.fencing],
    [
      t('key'),
      <span key="key" className="font-mono text-xs break-all">
        {order.key}
        {order.key_held ? null : <span className="text-ink-3"> ({t('key_free')})</span>}
      </span>,
    ],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 md:grid-cols-4 xl:grid-cols-7">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0 last:col-span-2">
          <dt className="text-xs text-ink-3">{label}</dt>
          <dd className="text-sm">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
