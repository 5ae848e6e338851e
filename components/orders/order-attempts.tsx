'use client';

import { useTranslations } from 'use-intl';
import type { AttemptView, OrderDetail } from '#domain/orders/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';

const tones: Record<AttemptView['outcome'], 'neutral' | 'ok' | 'warning' | 'danger' | 'accent'> = {
  open: 'accent',
  accepted: 'ok',
  rejected: 'danger',
  not_executed: 'neutral',
  unknown: 'warning',
  absent: 'neutral',
};

/** Every try to send something of the order: what it asked, until when it could go out, and what became of it. */
export function OrderAttempts({ order }: { readonly order: OrderDetail }) {
  const t = useTranslations('orders.attempts');
  if (order.attempts.length === 0)
    return <p className="border-y border-hairline py-3 text-sm text-ink-3">{t('none')}</p>;
  return (
    <ol className="divide-y divide-hairline border-y border-hairline">
      {order.attempts.map((attempt) => (
        <li
          key={attempt.number}
          className="grid gap-x-4 gap-y-1 py-2 text-sm md:grid-cols-[2rem_14rem_9rem_minmax(0,1fr)_auto] md:items-baseline"
        >
          <span className="text-ink-3 max-md:hidden">{attempt.number}</span>
          <span className="font-medium">
            <Asked order={order} attempt={attempt} />
          </span>
          <span>
            <Badge tone={tones[attempt.outcome]}>{t(`outcome.${attempt.outcome}`)}</Badge>
          </span>
          <dl className="flex min-w-0 flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-2">
            <Fact label={t('at')}>
              <Time at={attempt.at} style="full" bare />
            </Fact>
            <Fact label={t('deadline')}>
              <Time at={attempt.deadline} style="time" bare />
            </Fact>
            {attempt.closed_at === null ? null : (
              <Fact label={t('answer')}>
                {t('after_ms', { ms: Date.parse(attempt.closed_at) - Date.parse(attempt.at) })}
              </Fact>
            )}
            {attempt.broker_key === null ? null : (
              <Fact label={t('broker_key')}>
                <span className="font-mono break-all">{attempt.broker_key}</span>
              </Fact>
            )}
          </dl>
          <span className="text-xs whitespace-nowrap text-ink-3">
            <span title={attempt.fingerprint} className="font-mono">
              {t('fingerprint')} {attempt.fingerprint.slice(0, 8)}
            </span>
            <span className="ml-3" title={attempt.process_id}>
              {t('epoch', { epoch: attempt.epoch })}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="text-ink-3">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Asked({ order, attempt }: { readonly order: OrderDetail; readonly attempt: AttemptView }) {
  const t = useTranslations('orders');
  const { request } = attempt;
  if (request.kind === 'cancel') return t('role.cancel');
  const revises = request.kind === 'revise';
  // The order's own price follows its revisions; what was first asked is told by the broker's order.
  const first = order.broker_orders.find((each) => each.broker_key === attempt.broker_key) ?? order;
  const price = revises ? request.price : first.price;
  return (
    <>
      {t(`role.${request.kind}`)} <Quantity value={revises ? request.quantity : order.quantity} /> ×{' '}
      {price === null ? t('market_price') : <Money value={price} />}
    </>
  );
}
