'use client';

import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { ButtonProps } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

interface IconButtonProps extends Omit<ButtonProps, 'size' | 'asChild'> {
  /** Read aloud and shown on hover: an icon alone says too little. */
  readonly label: string;
  /** Shortcut shown beside the label. */
  readonly keys?: string;
  readonly size?: 'icon' | 'icon-sm';
  readonly children: ReactNode;
}

/** A button of one icon. */
export function IconButton({
  label,
  keys,
  size = 'icon-sm',
  variant = 'ghost',
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <Button size={size} variant={variant} aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}
