'use client';

import { CircleCheck, CircleX } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import type { CandleImportResult } from '#domain/market/view.ts';
import { ProblemList } from '#components/market/import-words.tsx';

const figures = ['added', 'changed', 'unchanged', 'idle', 'gaps', 'refused'] as const;

/** What came, or would come, of a file. */
export function ImportResult({ result }: { readonly result: CandleImportResult }) {
  const t = useTranslations('market.import');
  const format = useFormatter();
  const good = result.state === 'done';
  const Icon = good ? CircleCheck : CircleX;
  const [first] = result.symbols;
  return (
    <section
      aria-label={t('result')}
      aria-live="polite"
      className="flex flex-col gap-3 border-t border-hairline pt-3"
    >
      <p className="flex items-start gap-2 text-sm font-medium">
        <Icon aria-hidden className={good ? 'mt-0.5 size-4 text-ok' : 'mt-0.5 size-4 text-danger'} />
        <span>
          {good
            ? result.added + result.changed === 0
              ? t('nothing_new')
              : t('good', { count: result.added + result.changed })
            : t('bad', { count: result.refused, rows: result.rows })}
        </span>
      </p>
      {first === undefined ? null : (
        <p className="text-sm text-ink-2 tabular-nums">
          {result.symbol_count === 1
            ? t('one_symbol', {
                symbol: first.symbol,
                from: result.first_day ?? '',
                to: result.last_day ?? '',
              })
            : t('symbols', {
                count: result.symbol_count,
                from: result.first_day ?? '',
                to: result.last_day ?? '',
              })}
        </p>
      )}
      <dl className="grid grid-cols-3 gap-x-4 gap-y-2 md:grid-cols-6">
        {figures.map((name) => (
          <div key={name} className="flex flex-col">
            <dt className="text-xs text-ink-3">{t(`figures.${name}`)}</dt>
            <dd
              className={
                name === 'refused' && result.refused > 0
                  ? 'font-medium text-danger tabular-nums'
                  : 'font-medium tabular-nums'
              }
            >
              {format.number(result[name])}
            </dd>
          </div>
        ))}
      </dl>
      {result.problems.length === 0 ? null : (
        <ProblemList problems={result.problems} refused={result.refused} format={result.format} />
      )}
    </section>
  );
}
