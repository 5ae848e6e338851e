'use client';

/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role --
   what scrolls must be reachable from the keyboard, and named there. */

import { cn } from '#components/ui/cn.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';

interface CodeBlockProps {
  readonly code: string;
  /** Names the scrolling region. */
  readonly label: string;
  readonly wrap?: boolean;
  readonly className?: string;
}

/** Code, JSON or a command, with a button to copy it. */
export function CodeBlock({ code, label, wrap = false, className }: CodeBlockProps) {
  return (
    <div className={cn('group relative rounded-md border border-hairline bg-sunken', className)}>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className={cn(
          'ring-inset-focus max-h-96 overflow-auto rounded-md px-3 py-2.5 pr-11 font-mono text-xs leading-5',
          wrap && 'whitespace-pre-wrap',
        )}
      >
        <code>{code}</code>
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={code} />
      </div>
    </div>
  );
}
