'use client';

import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useFigures } from './amount.tsx';

type Position = NonNullable<TraderView['position']>;

/** Where the price stands between stop loss and profit taking, with the entry between them. */
export function StopTrack({ position }: { readonly position: Position }) {
  const t = useTranslations('traders.position');
  const figures = useFigures();
  const { average, last, stop, target } = position;
  if (stop === null || target === null || last === null) return null;
  const [low, high] = [Number(stop), Number(target)];
  const place = (price: string) =>
    `${Math.max(0, Math.min(100, ((Number(price) - low) / (high - low)) * 100)).toFixed(2)}%`;
  const up = Number(last) >= Number(average);
  const [from, to] = up ? [place(average), place(last)] : [place(last), place(average)];
  return (
    <div>
      <figure
        aria-label={t('track', {
          stop: figures.price(stop),
          last: figures.price(last),
          target: figures.price(target),
          average: figures.price(average),
        })}
        className="relative h-2"
      >
        <span className="absolute inset-x-0 top-1/2 h-px -translate-y-1/2 bg-border" />
        <span
          className={`absolute top-1/2 h-0.5 -translate-y-1/2 ${up ? 'bg-gain' : 'bg-loss'}`}
          style={{ left: from, width: `calc(${to} - ${from})` }}
        />
        <span className="absolute top-0 h-2 w-px bg-ink-3" style={{ left: place(average) }} />
        <span
          className={`absolute top-1/2 size-2 -translate-1/2 rounded-full ${up ? 'bg-gain' : 'bg-loss'}`}
          style={{ left: place(last) }}
        />
      </figure>
      <div aria-hidden className="mt-0.5 flex justify-between text-2xs text-ink-3 tabular-nums">
        <span>
          {t('stop')} {figures.price(stop)}
        </span>
        <span>
          {t('target')} {figures.price(target)}
        </span>
      </div>
    </div>
  );
}
