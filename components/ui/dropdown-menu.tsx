'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Base } from 'radix-ui';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { groupLabelStyle, itemStyle, menuStyle } from '#components/ui/menu-style.ts';
import type { Option } from '#components/ui/select.tsx';

interface MenuProps {
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string;
  readonly children: ReactNode;
}

/** A list of things to do with something. */
export function Menu({ trigger, align = 'end', className, children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger asChild>{trigger}</Base.Trigger>
      <Base.Portal>
        <Base.Content align={align} sideOffset={4} collisionPadding={8} className={cn(menuStyle, className)}>
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** One entry; `danger` for what destroys. `asChild` for a link. */
export function MenuItem({
  danger = false,
  className,
  ...rest
}: ComponentProps<typeof Base.Item> & { readonly danger?: boolean }) {
  return (
    <Base.Item
      className={cn(
        itemStyle,
        danger && 'text-danger data-highlighted:bg-danger-tint [&>svg]:text-danger',
        className,
      )}
      {...rest}
    />
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Base.Label className={groupLabelStyle}>{children}</Base.Label>;
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-hairline" />;
}

interface MenuChoiceProps<T extends string> {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly Option<T>[];
}

/** One of several, ticked. */
export function MenuChoice<T extends string>({ value, onChange, options }: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup value={value}>
      {options.map((option) => (
        <Base.RadioItem
          key={option.value}
          value={option.value}
          disabled={option.disabled === true}
          onSelect={() => onChange(option.value)}
          className={cn(itemStyle, 'pr-8')}
        >
          {option.label}
          <Base.ItemIndicator className="absolute right-2">
            <Check aria-hidden className="size-3.5 text-accent" />
          </Base.ItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
