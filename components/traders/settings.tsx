'use client';

import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useDurationText } from '#components/ui/time.tsx';
import { useFigures } from './amount.tsx';
import {
  type FormField,
  filterFields,
  isSeconds,
  isShare,
  limitFields,
  paramFields,
  ruleFields,
} from './fields.ts';
import { useFieldWords } from './field-words.ts';

/** What a trader is set to, in words; what is as usual stands back. */
export function Settings({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.settings');
  const { definition } = trader;
  return (
    <section aria-labelledby="settings-title" className="border-t border-hairline pt-4">
      <h2 id="settings-title" className="pb-1 text-sm font-semibold">
        {t('title')}{' '}
        <span className="text-xs font-normal text-ink-3">{t('version', { version: trader.version })}</span>
      </h2>
      <Group title={t('params')} fields={paramFields(definition.strategy)} values={definition.params} />
      <Group title={t('rules')} fields={ruleFields} values={definition.rules} />
      <Group title={t('limits')} fields={limitFields} values={definition.limits} />
      <Group title={t('filter')} fields={filterFields} values={definition.filter} />
    </section>
  );
}

interface GroupProps {
  readonly title: string;
  readonly fields: readonly FormField[];
  readonly values: Readonly<Record<string, unknown>>;
}

function Group({ title, fields, values }: GroupProps) {
  const words = useFieldWords();
  const write = useWriter();
  return (
    <details open={fields.length < 8} className="border-b border-hairline py-1 text-xs">
      <summary className="touch flex cursor-pointer items-center font-medium text-ink-2">{title}</summary>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 pb-2">
        {fields.map((field) => {
          const value = values[field.name] ?? field.fallback ?? null;
          const usual = JSON.stringify(value) === JSON.stringify(field.fallback);
          return (
            <div key={field.name} className="contents">
              <dt className="text-ink-3">{words.label(field)}</dt>
              <dd className={usual ? 'text-right text-ink-2' : 'text-right font-medium'}>
                {write(field, value)}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

/** Writes a setting: shares as per cent, seconds as a duration, nothing as a dash. */
function useWriter(): (field: FormField, value: unknown) => string {
  const t = useTranslations('common');
  const words = useFieldWords();
  const duration = useDurationText();
  const figures = useFigures();
  return (field, value) => {
    if (value === null || value === undefined) return t('none');
    if (Array.isArray(value)) return value.length === 0 ? t('all') : value.join(', ');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (field.kind === 'choice' && typeof value === 'string') return words.choice(field, value);
    const number = Number(value);
    if (!Number.isFinite(number)) return typeof value === 'string' ? value : '–';
    if (isShare(field.name)) return `${figures.quantity(Number((number * 100).toFixed(6)))}%`;
    return isSeconds(field.name) ? duration(number * 1_000) : figures.quantity(number);
  };
}
