'use client';

import { Check, ChevronsUpDown } from 'lucide-react';
import { Select as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';
import { inputStyle } from '#components/ui/input.tsx';
import { itemStyle, menuStyle } from '#components/ui/menu-style.ts';

export interface Option<T extends string = string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

interface SelectProps<T extends string> {
  /** null shows the placeholder. */
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly options: readonly Option<T>[];
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** Needed only outside a Field. */
  readonly 'aria-label'?: string;
  readonly className?: string;
}

/** One of a few (up to about ten); a Combobox beyond. */
export function Select<T extends string>({
  value,
  onChange,
  options,
  placeholder,
  disabled = false,
  className,
  ...rest
}: SelectProps<T>) {
  const t = useTranslations('common');
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Base.Root value={value ?? ''} onValueChange={choose} disabled={disabled}>
      <Base.Trigger
        {...useField()}
        {...rest}
        className={cn(
          inputStyle,
          'flex h-(--control) items-center justify-between gap-2 text-left data-placeholder:text-ink-3',
          className,
        )}
      >
        <span className="truncate">
          <Base.Value placeholder={placeholder ?? t('choose')} />
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            menuStyle,
            'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)',
          )}
        >
          <Base.Viewport>
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled === true}
                className={cn(itemStyle, 'pr-8')}
              >
                <Base.ItemText>{option.label}</Base.ItemText>
                <Base.ItemIndicator className="absolute right-2">
                  <Check aria-hidden className="size-3.5 text-accent" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Viewport>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
