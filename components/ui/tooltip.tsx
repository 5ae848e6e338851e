'use client';

import { Tooltip as Base } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Kbd } from '#components/ui/kbd.tsx';

interface TooltipProps {
  readonly text: ReactNode;
  readonly keys?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** The one element it explains; it must take a ref and be focusable. */
  readonly children: ReactElement;
}

/** A short explanation on hover and focus. Never the only place something is said. */
export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger asChild>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-80 animate-fade items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-pop"
        >
          {text}
          {keys === undefined ? null : <Kbd keys={keys} inverted />}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** One delay for all tooltips; sits in the root layout. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Base.Provider>
  );
}
