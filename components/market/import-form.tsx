'use client';

import { useTranslations } from 'use-intl';
import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { type Venue, venue } from '#domain/market/instrument.ts';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';

/** What is said of a file; empty texts take their defaults. */
export interface ImportDraft {
  readonly file: File | null;
  readonly venue: Venue;
  readonly interval: CandleInterval;
  readonly symbol: string;
  readonly source: string;
  readonly time_zone: string;
  readonly columns: string;
  readonly stamp: 'start' | 'end';
  readonly order: 'strict' | 'any';
  readonly adjusted: boolean;
  readonly skip_bad_lines: boolean;
}

export const emptyDraft: ImportDraft = {
  file: null,
  venue: 'KRX',
  interval: '1d',
  symbol: '',
  source: '',
  time_zone: '',
  columns: '',
  stamp: 'start',
  order: 'strict',
  adjusted: false,
  skip_bad_lines: false,
};

const isInterval = (text: string): text is CandleInterval => Object.hasOwn(candleMinutes, text);
const intervals = Object.keys(candleMinutes).filter(isInterval);

interface ImportFormProps {
  readonly draft: ImportDraft;
  readonly onChange: (change: Partial<ImportDraft>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** The file, and how it is to be read. */
export function ImportForm({ draft, onChange, errorOf }: ImportFormProps) {
  const t = useTranslations('market.import');
  return (
    <div className="flex flex-col gap-3">
      <Field label={t('file')} hint={t('file_hint')} error={errorOf('file')} required>
        <Input
          type="file"
          accept=".csv,.tsv,.txt,.gz,.parquet"
          className="h-auto py-1 file:mr-3 file:h-7 file:cursor-pointer file:rounded-md file:border-0 file:bg-sunken file:px-3 file:text-sm file:font-medium file:text-ink max-md:py-2"
          onChange={(event) => onChange({ file: event.target.files?.[0] ?? null })}
        />
      </Field>
      <div className="grid gap-3 md:grid-cols-3">
        <Field label={t('venue')}>
          <Select
            value={draft.venue}
            onChange={(value) => onChange({ venue: value })}
            options={venue.options.map((value) => ({ value, label: value }))}
          />
        </Field>
        <Field label={t('interval')} error={errorOf('interval')}>
          <Select
            value={draft.interval}
            onChange={(interval) => onChange({ interval })}
            options={intervals.map((value) => ({ value, label: t(`intervals.${value}`) }))}
          />
        </Field>
        <Field label={t('symbol')} error={errorOf('symbol')} optional>
          <Input
            value={draft.symbol}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            placeholder={t('symbol_column')}
            onChange={(event) => onChange({ symbol: event.target.value })}
          />
        </Field>
      </div>
      <details className="group text-sm">
        <summary className="min-h-6 cursor-pointer text-ink-2 hover:text-ink max-md:min-h-11 max-md:py-2">
          {t('more')}
        </summary>
        <MoreFields draft={draft} onChange={onChange} errorOf={errorOf} />
      </details>
      <ToggleRow
        label={t('skip')}
        hint={t('skip_hint')}
        control={
          <Checkbox
            checked={draft.skip_bad_lines}
            onCheckedChange={(checked) => onChange({ skip_bad_lines: checked === true })}
          />
        }
      />
    </div>
  );
}

/** What is rarely needed. */
function MoreFields({ draft, onChange, errorOf }: ImportFormProps) {
  const t = useTranslations('market.import');
  const text = (name: 'source' | 'time_zone' | 'columns', placeholder: string) => (
    <Field label={t(name)} hint={t(`${name}_hint`)} error={errorOf(name)} optional>
      <Input
        value={draft[name]}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <div className="flex flex-col gap-3 pt-3">
      <div className="grid gap-3 md:grid-cols-2">
        {text('source', draft.file === null ? 'import:prices.csv' : `import:${draft.file.name}`)}
        {text('time_zone', draft.venue === 'KRX' ? 'Asia/Seoul' : 'UTC')}
        <Field label={t('stamp')}>
          <Select
            value={draft.stamp}
            onChange={(stamp) => onChange({ stamp })}
            options={[
              { value: 'start', label: t('stamps.start') },
              { value: 'end', label: t('stamps.end') },
            ]}
          />
        </Field>
        <Field label={t('order')}>
          <Select
            value={draft.order}
            onChange={(order) => onChange({ order })}
            options={[
              { value: 'strict', label: t('orders.strict') },
              { value: 'any', label: t('orders.any') },
            ]}
          />
        </Field>
      </div>
      {text('columns', 'start=Date,volume=Volume BTC')}
      <ToggleRow
        label={t('adjusted')}
        control={
          <Checkbox
            checked={draft.adjusted}
            onCheckedChange={(checked) => onChange({ adjusted: checked === true })}
          />
        }
      />
    </div>
  );
}
