'use client';

import { Popover as Base } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { menuStyle } from '#components/ui/menu-style.ts';

interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** Names the panel. */
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  /** Left out: its button alone opens and closes it. */
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A small panel beside its button. */
export function Popover({ trigger, label, align = 'start', className, children, ...rest }: PopoverProps) {
  return (
    <Base.Root {...rest}>
      <Base.Trigger asChild>{trigger}</Base.Trigger>
      <Base.Portal>
        <Base.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cn(menuStyle, 'max-w-[min(24rem,calc(100vw-1rem))] p-3', className)}
        >
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
