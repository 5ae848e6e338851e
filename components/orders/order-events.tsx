'use client';

import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { OrderDetail, OrderEventView } from '#domain/orders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Time } from '#components/ui/time.tsx';
import { OrderStateMark } from '#components/orders/order-state.tsx';

/** Everything that moved the order, newest first. */
export function OrderEvents({ order }: { readonly order: OrderDetail }) {
  const t = useTranslations('orders');
  const created = (
    <li key="created" className={lineStyle}>
      <Time at={order.at} style="full" bare className="text-ink-2" />
      <span className="flex items-center gap-1.5">
        <OrderStateMark state="intent" />
      </span>
      <span className="text-ink-2">{t('event.created')}</span>
    </li>
  );
  return (
    <ol className="divide-y divide-hairline border-y border-hairline">
      {order.events.toReversed().map((event) => (
        <Line key={event.version} event={event} />
      ))}
      {order.events.some((event) => event.from === null) ? null : created}
    </ol>
  );
}

const lineStyle =
  'grid gap-x-4 gap-y-0.5 py-2 text-sm md:grid-cols-[10rem_15rem_minmax(0,1fr)] md:items-baseline';

function Line({ event }: { readonly event: OrderEventView }) {
  const t = useTranslations('orders');
  const reason = useReason();
  const known = t.has(`event.${event.kind}`);
  const facts = Object.entries(event.details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ');
  return (
    <li className={lineStyle}>
      <Time at={event.at} style="full" bare className="text-ink-2" />
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        {event.from === null || event.from === event.to ? null : (
          <>
            <span className="text-xs text-ink-3">{t(`state.${event.from}`)}</span>
            <ArrowRight aria-hidden className="size-3 shrink-0 text-ink-3" />
          </>
        )}
        <OrderStateMark state={event.to} />
      </span>
      <span className="flex min-w-0 flex-wrap gap-x-2">
        <span>{known ? t(`event.${event.kind}`) : event.kind}</span>
        {event.reason === null ? null : <span className="text-ink-2">{reason(event.reason)}</span>}
        {facts === '' ? null : (
          <span className="font-mono text-xs [overflow-wrap:anywhere] text-ink-3">{facts}</span>
        )}
      </span>
    </li>
  );
}
