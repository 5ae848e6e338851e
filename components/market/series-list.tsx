'use client';

import { useFormatter, useTranslations } from 'use-intl';
import type { MarketSourceView } from '#domain/market/view.ts';
import { wallTime } from '#components/ui/time-format.ts';

type Series = Pick<MarketSourceView['series'][number], 'interval' | 'candles' | 'from' | 'to' | 'gaps'>;

/** Which candles there are: interval, how many, from which day to which, and gaps. */
export function SeriesList({ series, zone }: { readonly series: readonly Series[]; readonly zone: string }) {
  const t = useTranslations('market.series');
  const format = useFormatter();
  if (series.length === 0) return <span className="text-ink-3">–</span>;
  const day = (at: string, end = false) => wallTime(new Date(Date.parse(at) - (end ? 1 : 0)), zone).date;
  return (
    <ul className="flex flex-col gap-0.5">
      {series.map(({ interval, candles, from, to, gaps }) => (
        <li key={interval} className="flex flex-wrap gap-x-2 tabular-nums">
          <span className="w-8 font-medium">{interval}</span>
          <span className="min-w-16 text-right max-md:min-w-0">{format.number(candles)}</span>
          <span className="whitespace-nowrap text-ink-2">
            {day(from)} – {day(to, true)}
          </span>
          {gaps === 0 ? null : <span className="text-warning">{t('gaps', { count: gaps })}</span>}
        </li>
      ))}
    </ul>
  );
}
