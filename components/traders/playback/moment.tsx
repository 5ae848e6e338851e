'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import type { Standing } from '#domain/traders/playback.ts';
import { type TransitionView, reasonView } from '#domain/traders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Money, Percent, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { Price, Signed, useFigures } from '../amount.tsx';
import { PhaseBadge } from '../phase.tsx';

const effect = z.looseObject({
  kind: z.string(),
  side: z.string().optional(),
  symbol: z.string().optional(),
  quantity: z.string().optional(),
  price: z.string().optional(),
  reason: reasonView.optional(),
});

/** An event in words: what came, and of an order how it stands. */
export function useEventWords(): (transition: Pick<TransitionView, 'event' | 'details'>) => string {
  const t = useTranslations('traders.event');
  return ({ event, details }) => {
    const status = details?.['status'];
    if (event === 'order' && typeof status === 'string' && t.has(`order_${status}`))
      return t(`order_${status}`);
    return t.has(event) ? t(event) : event;
  };
}

/** What a transition did, each effect a sentence. */
export function useEffectWords(): (effects: TransitionView['effects']) => readonly string[] {
  const t = useTranslations('traders.effect');
  const figures = useFigures();
  const reason = useReason();
  return (effects) =>
    effects.flatMap((given) => {
      const parsed = effect.safeParse(given);
      if (!parsed.success) return [];
      const { kind: done, side, symbol = '', quantity, price, reason: why } = parsed.data;
      const kind = done === 'place_order' ? (side === 'sell' ? 'place_sell' : 'place_buy') : done;
      if (!t.has(kind)) return [];
      if (kind === 'record') return why === undefined ? [] : [reason(why)];
      return [
        t(kind, {
          symbol,
          quantity: quantity === undefined ? '' : figures.quantity(quantity),
          price: price === undefined ? '' : figures.price(price),
        }),
      ];
    });
}

interface MomentProps {
  readonly scope: string;
  readonly standing: Standing;
  /** The symbol's price at that instant; null where it is not known. */
  readonly price: number | null;
  readonly nameOf: (symbol: string) => string;
}

/** State, event, reason, position and orders at the chosen instant. */
export function Moment({ scope, standing, price, nameOf }: MomentProps) {
  const t = useTranslations('traders.playback');
  const order = useTranslations('traders.order');
  const eventWords = useEventWords();
  const effectWords = useEffectWords();
  const reason = useReason();
  const { transition, held, orders } = standing;
  const effects = transition === null ? [] : effectWords(transition.effects);
  const why = transition?.reason == null ? null : reason(transition.reason);
  return (
    <div className="flex min-w-0 flex-col gap-3 text-sm">
      <div className="flex items-baseline justify-between gap-2">
        <PhaseBadge phase={standing.phase} />
        <Time at={new Date(standing.at)} style="time" className="font-medium" />
      </div>
      {transition === null ? (
        <p className="text-xs text-ink-3">{t('nothing_yet')}</p>
      ) : (
        <div className="flex flex-col gap-1">
          <p>
            <span className="font-medium">{eventWords(transition)}</span>
            <span className="ml-2 text-xs text-ink-3">
              <Time at={transition.at} style="time" bare />
            </span>
          </p>
          {why === null ? null : <p className="text-ink-2">{why}</p>}
          {effects
            .filter((text) => text !== why)
            .map((text) => (
              <p key={text} className="text-xs text-ink-2">
                → {text}
              </p>
            ))}
        </div>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 border-t border-hairline pt-2 text-xs [&>dd]:text-right [&>dt]:text-ink-3">
        <dt>{t('held')}</dt>
        <dd>
          {held === null ? (
            <span className="text-ink-3">{t('nothing_held')}</span>
          ) : (
            <>
              {nameOf(held.symbol)} <Quantity value={held.quantity} /> @ <Price value={held.average} />
            </>
          )}
        </dd>
        {held === null || price === null ? null : (
          <>
            <dt>{t('open_pnl')}</dt>
            <dd>
              <Signed value={String((price - Number(held.average)) * Number(held.quantity))} />{' '}
              <Percent value={price / Number(held.average) - 1} signed />
            </dd>
          </>
        )}
        {price === null ? null : (
          <>
            <dt>{t('price')}</dt>
            <dd>
              <Money value={price} />
            </dd>
          </>
        )}
        <dt>{t('realised')}</dt>
        <dd>
          <Signed value={standing.realised} />
        </dd>
      </dl>
      <div className="border-t border-hairline pt-2 text-xs">
        <p className="font-medium">{t('orders', { count: orders.length })}</p>
        <ul className="mt-1 flex flex-col gap-1">
          {orders.map((each) => (
            <li key={each.order_id} className="flex flex-wrap items-baseline justify-between gap-x-2">
              <Link
                href={`/${scope}/orders/${each.order_id}`}
                className="text-accent underline underline-offset-2 max-md:py-2"
              >
                {order(each.side)} {nameOf(each.symbol)}
              </Link>
              <span className="tabular-nums">
                <Quantity value={each.quantity} /> @ <Price value={each.price} />
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
