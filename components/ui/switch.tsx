'use client';

import { Switch as Base } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';

/** On or off, at once. For a choice that is saved later, a Checkbox. */
export function Switch({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      {...useField()}
      {...rest}
      className={cn(
        'relative inline-flex h-4.5 w-8 shrink-0 items-center rounded-full border border-transparent bg-control-border transition-colors after:absolute after:-inset-1.5 disabled:opacity-50 data-[state=checked]:bg-accent-solid max-md:after:-inset-3.5',
        className,
      )}
    >
      <Base.Thumb className="block size-3.5 translate-x-px rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-[15px]" />
    </Base.Root>
  );
}
