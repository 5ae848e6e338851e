'use client';

import type { ComponentProps } from 'react';
import { cn } from '#components/ui/cn.ts';
import { useField } from '#components/ui/field.tsx';

export const inputStyle =
  'w-full min-w-0 rounded-md border border-control-border bg-surface px-2.5 text-sm text-ink transition-colors hover:border-ink-3 focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-danger';

/** One line of text. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input type="text" {...useField()} className={cn(inputStyle, 'h-(--control)', className)} {...rest} />
  );
}

/** Several lines of text; `mono` for JSON and commands. */
export function Textarea({
  className,
  mono = false,
  ...rest
}: ComponentProps<'textarea'> & { readonly mono?: boolean }) {
  return (
    <textarea
      rows={4}
      spellCheck={!mono}
      {...useField()}
      className={cn(inputStyle, 'py-1.5', mono && 'font-mono text-xs leading-5', className)}
      {...rest}
    />
  );
}
