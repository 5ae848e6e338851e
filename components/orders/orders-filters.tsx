'use client';

import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { type OrdersUrl, endings, isFiltered } from '#components/orders/filters.ts';

interface OrdersFiltersProps {
  readonly url: OrdersUrl;
  readonly onChange: (next: Partial<OrdersUrl> | null) => void;
  /** Whether the ending can be chosen too. */
  readonly withState?: boolean;
}

/** Whose orders, of what, and on which trading days. */
export function OrdersFilters({ url, onChange, withState = false }: OrdersFiltersProps) {
  const t = useTranslations('orders');
  return (
    <fieldset
      aria-label={t('filters.label')}
      className="flex min-w-0 flex-wrap items-center gap-2 max-md:w-full"
    >
      {withState ? (
        <Select
          aria-label={t('filters.state')}
          value={url.state}
          onChange={(state) => onChange({ state })}
          options={endings.map((state) => ({
            value: state,
            label: state === 'all' ? t('filters.any_state') : t(`state.${state}`),
          }))}
          className="w-32 max-md:flex-1"
        />
      ) : null}
      <TextFilter
        label={t('filters.symbol')}
        value={url.symbol}
        onChange={(symbol) => onChange({ symbol })}
      />
      <TextFilter
        label={t('filters.trader')}
        value={url.trader}
        onChange={(trader) => onChange({ trader })}
      />
      <span className="flex items-center gap-1 max-md:w-full">
        <Input
          type="date"
          aria-label={t('filters.from')}
          value={url.from}
          max={url.to === '' ? undefined : url.to}
          onChange={(event) => onChange({ from: event.target.value })}
          className="w-36 max-md:flex-1"
        />
        <span aria-hidden className="text-ink-3">
          –
        </span>
        <Input
          type="date"
          aria-label={t('filters.to')}
          value={url.to}
          min={url.from === '' ? undefined : url.from}
          onChange={(event) => onChange({ to: event.target.value })}
          className="w-36 max-md:flex-1"
        />
      </span>
      {isFiltered(url) ? (
        <Button
          variant="ghost"
          onClick={() => onChange({ state: 'all', trader: '', symbol: '', from: '', to: '' })}
        >
          <X aria-hidden />
          {t('filters.clear')}
        </Button>
      ) : null}
    </fieldset>
  );
}

/** Typed text goes into the URL once it has rested. */
function TextFilter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const settled = useDebounced(typed, 300);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (value !== settled) setTyped(value);
  }
  useEffect(() => {
    if (settled !== value && settled === typed) onChange(settled);
    // Only what was typed goes out; what came from the URL is there already.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <Input
      aria-label={label}
      placeholder={label}
      value={typed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      className="w-32 max-md:w-auto max-md:flex-1"
    />
  );
}
