'use client';

import { ArrowDownToLine, ArrowUpFromLine } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Side } from '#domain/orders/broker-order.ts';
import type { OrderState } from '#domain/orders/order.ts';
import { cn } from '#components/ui/cn.ts';

/** Every shape differs, so that colour is never the only sign. */
const shapes: Record<OrderState, ReactNode> = {
  intent: <circle cx="8" cy="8" r="5.25" strokeDasharray="2.2 2.2" />,
  sent: (
    <>
      <path d="M3 13 13 3" strokeLinecap="round" />
      <path d="M6.5 3H13v6.5" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  accepted: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <circle cx="8" cy="8" r="1.75" fill="currentColor" stroke="none" />
    </>
  ),
  partially_filled: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" stroke="none" />
    </>
  ),
  filled: (
    <>
      <circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" />
      <path
        d="m5.4 8.2 1.8 1.8 3.4-3.8"
        stroke="var(--surface)"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="m4.4 4.4 7.2 7.2" />
    </>
  ),
  rejected: (
    <>
      <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="currentColor" stroke="none" />
      <path d="m6 6 4 4m0-4-4 4" stroke="var(--surface)" strokeLinecap="round" />
    </>
  ),
  unknown: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="3.5" fill="currentColor" stroke="none" />
      <path
        d="M6 6.3a2 2 0 1 1 2.7 1.85c-.5.2-.7.55-.7 1.05m0 2.1v.3"
        stroke="var(--surface)"
        strokeLinecap="round"
      />
    </>
  ),
};

const tones: Record<OrderState, string> = {
  intent: 'text-waiting',
  sent: 'text-running',
  accepted: 'text-running',
  partially_filled: 'text-running',
  filled: 'text-succeeded',
  cancelled: 'text-cancelled',
  rejected: 'text-failed',
  unknown: 'text-quarantined',
};

/** Where an order stands: shape, colour and word. */
export function OrderStateMark({
  state,
  className,
}: {
  readonly state: OrderState;
  readonly className?: string;
}) {
  const t = useTranslations('orders.state');
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 align-middle font-medium whitespace-nowrap',
        tones[state],
        className,
      )}
    >
      <svg
        viewBox="0 0 16 16"
        aria-hidden
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        className="size-3.5 shrink-0"
      >
        {shapes[state]}
      </svg>
      {t(state)}
    </span>
  );
}

/** Whether it buys or sells: an arrow and the word. No colour of gain or loss: neither side is one. */
export function SideMark({ side, className }: { readonly side: Side; readonly className?: string }) {
  const t = useTranslations('orders.side');
  const Icon = side === 'buy' ? ArrowDownToLine : ArrowUpFromLine;
  return (
    <span className={cn('inline-flex items-center gap-1 font-medium whitespace-nowrap', className)}>
      <Icon aria-hidden className="size-3 shrink-0 text-ink-3" />
      {t(side)}
    </span>
  );
}

/** A symbol with its name; the code stands behind it, smaller. */
export function SymbolName({
  symbol,
  name,
  className,
}: {
  readonly symbol: string;
  readonly name: string | null;
  readonly className?: string;
}) {
  if (name === null || name === symbol)
    return <span className={cn('font-medium tabular-nums', className)}>{symbol}</span>;
  return (
    <span className={cn('inline-flex min-w-0 items-baseline gap-1.5', className)}>
      <span className="truncate font-medium">{name}</span>
      <span className="text-2xs whitespace-nowrap text-ink-3 tabular-nums">{symbol}</span>
    </span>
  );
}
