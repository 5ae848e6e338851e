'use client';

import { Command } from 'cmdk';
import { Check, ChevronsUpDown } from 'lucide-react';
import { Popover as Base } from 'radix-ui';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';
import { inputStyle } from '#components/ui/input.tsx';
import { itemStyle, menuStyle } from '#components/ui/menu-style.ts';

export interface ComboboxOption {
  readonly value: string;
  /** Searched and shown. */
  readonly label: string;
  /** A second line, also searched. */
  readonly hint?: string;
}

interface ComboboxProps {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly options: readonly ComboboxOption[];
  readonly placeholder?: string;
  /** Offers “none”. */
  readonly clearable?: boolean;
  /** With it the caller filters (e.g. by asking the server). */
  readonly onSearch?: (query: string) => void;
  readonly disabled?: boolean;
  readonly 'aria-label'?: string;
  readonly className?: string;
}

/** One of many, found by typing. */
export function Combobox({
  value,
  onChange,
  options,
  placeholder,
  clearable = false,
  onSearch,
  disabled = false,
  className,
  ...rest
}: ComboboxProps) {
  const t = useTranslations('common');
  const [open, setOpen] = useState(false);
  const panel = useId();
  const field = useField();
  const chosen = options.find((option) => option.value === value);
  const choose = (next: string | null) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      <Base.Trigger
        {...field}
        {...rest}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a select cannot be searched.
        role="combobox"
        aria-controls={panel}
        aria-expanded={open}
        disabled={disabled}
        className={cn(
          inputStyle,
          'flex h-(--control) items-center justify-between gap-2 text-left',
          className,
        )}
      >
        <span className={cn('truncate', value === null && 'text-ink-3')}>
          {chosen?.label ?? value ?? placeholder ?? t('choose')}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Content
          id={panel}
          aria-label={rest['aria-label'] ?? placeholder ?? t('search')}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={cn(menuStyle, 'w-(--radix-popover-trigger-width) min-w-56 p-0')}
        >
          <Command shouldFilter={onSearch === undefined} label={placeholder ?? t('search')}>
            <Command.Input
              placeholder={t('search')}
              {...(onSearch === undefined ? {} : { onValueChange: onSearch })}
              className="h-(--control) w-full border-b border-hairline bg-transparent px-3 text-sm outline-none"
            />
            <Command.List className="max-h-64 overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-center text-xs text-ink-3">
                {t('no_match')}
              </Command.Empty>
              {clearable ? (
                <Row value="" label={t('none')} chosen={value === null} onSelect={() => choose(null)} />
              ) : null}
              {options.map((option) => (
                <Row
                  key={option.value}
                  {...option}
                  chosen={option.value === value}
                  onSelect={() => choose(option.value)}
                />
              ))}
            </Command.List>
          </Command>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

interface RowProps extends ComboboxOption {
  readonly chosen: boolean;
  readonly onSelect: () => void;
}

function Row({ value, label, hint, chosen, onSelect }: RowProps): ReactNode {
  return (
    <Command.Item
      value={`${label} ${hint ?? ''} ${value}`}
      onSelect={onSelect}
      className={cn(itemStyle, 'py-1')}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate">{label}</span>
        {hint === undefined ? null : <span className="block truncate text-xs text-ink-3">{hint}</span>}
      </span>
      {chosen ? <Check aria-hidden className="text-accent!" /> : null}
    </Command.Item>
  );
}
