import { cva } from 'class-variance-authority';
import type { VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '#components/ui/cn.ts';

export const buttonStyle = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent-solid text-on-accent not-disabled:hover:bg-accent-solid-hover',
        secondary: 'border-border bg-surface text-ink not-disabled:hover:bg-hover',
        ghost: 'border-transparent text-ink-2 not-disabled:hover:bg-hover not-disabled:hover:text-ink',
        danger: 'border-transparent bg-danger-solid text-on-accent not-disabled:hover:bg-danger-solid-hover',
        'danger-ghost': 'border-transparent text-danger not-disabled:hover:bg-danger-tint',
      },
      size: {
        md: 'h-(--control) px-3 text-sm',
        sm: 'h-(--control-sm) px-2.5 text-xs',
        icon: 'size-(--control) px-0',
        'icon-sm': 'size-(--control-sm) px-0',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonStyle> {
  /** Shows a spinner and refuses presses, keeping the width. */
  readonly busy?: boolean;
  /** Renders the only child (e.g. a link) with the look of a button. */
  readonly asChild?: boolean;
}

/** One thing a press does. At most one `primary` per view. */
export function Button({
  variant,
  size,
  busy = false,
  asChild = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const classes = cn(buttonStyle({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      className={cn(classes, 'relative')}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      <span className={cn('inline-flex items-center gap-1.5', busy && 'opacity-0')}>{children}</span>
      {busy ? <LoaderCircle aria-hidden className="absolute animate-spin" /> : null}
    </button>
  );
}
