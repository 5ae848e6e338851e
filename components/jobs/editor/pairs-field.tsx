'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Pair } from '#components/jobs/editor/values.ts';

interface PairsFieldProps {
  readonly legend: string;
  readonly hint: string;
  readonly nameLabel: string;
  readonly valueLabel: string;
  readonly addLabel: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  readonly error?: string | undefined;
  readonly id: string;
}

/** Names and values, one pair a line. */
export function PairsField({
  legend,
  hint,
  nameLabel,
  valueLabel,
  addLabel,
  pairs,
  onChange,
  error,
  id,
}: PairsFieldProps) {
  const t = useTranslations('common');
  const change = (index: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <fieldset id={id} tabIndex={-1} className="flex min-w-0 flex-col gap-1.5 outline-none">
      <legend className="mb-1 text-xs font-medium text-ink-2">
        {legend} <span className="font-normal text-ink-3">({t('optional')})</span>
      </legend>
      {pairs.map((pair, index) => (
        // Pairs have no identity but their place.
        <div key={index} className="flex gap-1.5">
          <Input
            className="w-2/5 font-mono text-xs"
            aria-label={`${nameLabel} ${index + 1}`}
            placeholder={nameLabel}
            value={pair.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Input
            className="flex-1 font-mono text-xs"
            aria-label={`${valueLabel} ${index + 1}`}
            placeholder={valueLabel}
            value={pair.value}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <IconButton
            size="icon"
            label={t('remove')}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          variant="ghost"
          className="-ml-2.5"
          onClick={() => onChange([...pairs, { name: '', value: '' }])}
        >
          <Plus aria-hidden />
          {addLabel}
        </Button>
      </div>
      <p className="text-xs text-ink-3">{hint}</p>
      {error === undefined ? null : <p className="text-xs text-danger">{error}</p>}
    </fieldset>
  );
}
