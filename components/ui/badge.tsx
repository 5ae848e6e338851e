import { cva } from 'class-variance-authority';
import type { VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '#components/ui/cn.ts';

const badgeStyle = cva(
  'inline-flex h-5 items-center gap-1 rounded-sm px-1.5 align-middle text-2xs font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-ink-2 ring-1 ring-hairline ring-inset',
        accent: 'bg-accent-tint text-accent',
        ok: 'bg-ok-tint text-ok',
        warning: 'bg-warning-tint text-warning',
        danger: 'bg-danger-tint text-danger',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

/** A word about a thing: its kind, queue, priority. A run's status has a StatusBadge. */
export function Badge({
  tone,
  className,
  ...rest
}: ComponentProps<'span'> & VariantProps<typeof badgeStyle>) {
  return <span className={cn(badgeStyle({ tone }), className)} {...rest} />;
}
