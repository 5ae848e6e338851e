'use client';

import { Check, Minus } from 'lucide-react';
import { Checkbox as Base } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';

/** A tick box without a label of its own (`aria-label` or a Field gives one); `'indeterminate'` for “some”. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      {...useField()}
      {...rest}
      className={cn(
        'relative grid size-4 shrink-0 place-items-center rounded-sm border border-control-border bg-surface text-on-accent transition-colors disabled:opacity-50 data-[state=checked]:border-accent-solid data-[state=checked]:bg-accent-solid data-[state=indeterminate]:border-accent-solid data-[state=indeterminate]:bg-accent-solid',
        // A larger area to hit than the box that is drawn: 24 px with a mouse, 44 px on a phone.
        'after:absolute after:-inset-1 max-md:size-5 max-md:after:-inset-3',
        className,
      )}
    >
      <Base.Indicator className="grid place-items-center">
        {rest.checked === 'indeterminate' ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </Base.Indicator>
    </Base.Root>
  );
}

interface ToggleRowProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly control: ReactNode;
}

/** A tick box or switch with its words, all of it pressable. */
export function ToggleRow({ label, hint, control }: ToggleRowProps) {
  return (
    <label className="flex min-h-(--touch) items-start gap-2 py-1 text-sm">
      <span className="mt-0.5 flex">{control}</span>
      <span>
        {label}
        {hint ? <span className="block text-xs text-ink-3">{hint}</span> : null}
      </span>
    </label>
  );
}
