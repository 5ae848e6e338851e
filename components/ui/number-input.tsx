'use client';

import { Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import type { ComponentProps } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';
import { inputStyle } from '#components/ui/input.tsx';

interface NumberInputProps extends Omit<
  ComponentProps<'input'>,
  'value' | 'onChange' | 'type' | 'min' | 'max' | 'step'
> {
  /** null is an empty field. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Written after the number, e.g. “s”. */
  readonly unit?: string;
}

/** A number with steppers. It keeps what is typed until it is a number, and never rounds behind one's back. */
export function NumberInput({
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  className,
  ...rest
}: NumberInputProps) {
  const t = useTranslations('common');
  const field = useField();
  const [draft, setDraft] = useState<string | null>(null);

  const within = (next: number) => Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next));
  const type = (text: string) => {
    setDraft(text);
    if (text.trim() === '') onChange(null);
    else if (Number.isFinite(Number(text))) onChange(Number(text));
  };
  const nudge = (by: number) => {
    setDraft(null);
    onChange(within((value ?? min ?? 0) + by));
  };

  return (
    <div className={cn('relative flex', className)}>
      <input
        inputMode={step % 1 === 0 ? 'numeric' : 'decimal'}
        autoComplete="off"
        {...field}
        className={cn(inputStyle, 'h-(--control) pr-18 text-right')}
        value={draft ?? (value === null ? '' : String(value))}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          nudge(event.key === 'ArrowUp' ? step : -step);
        }}
        {...rest}
      />
      <div className="pointer-events-none absolute inset-y-0 right-0 flex items-center">
        <span className="w-5 text-xs text-ink-3">{unit}</span>
        <Stepper
          label={t('decrease')}
          onPress={() => nudge(-step)}
          disabled={rest.disabled === true || (value !== null && min !== undefined && value <= min)}
        >
          <Minus aria-hidden className="size-3" />
        </Stepper>
        <Stepper
          label={t('increase')}
          onPress={() => nudge(step)}
          disabled={rest.disabled === true || (value !== null && max !== undefined && value >= max)}
        >
          <Plus aria-hidden className="size-3" />
        </Stepper>
      </div>
    </div>
  );
}

function Stepper({
  label,
  onPress,
  disabled,
  children,
}: {
  readonly label: string;
  readonly onPress: () => void;
  readonly disabled: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      disabled={disabled}
      onClick={onPress}
      className="pointer-events-auto grid h-full w-6 place-items-center text-ink-3 last:rounded-r-md hover:text-ink disabled:opacity-40"
    >
      {children}
    </button>
  );
}
