'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { Toaster as Base } from 'sonner';

export { toast } from 'sonner';

/** Where short messages appear: what was just done (with undo where it can be undone) or why it failed. */
export function Toaster({ label }: { readonly label: string }) {
  return (
    <Base
      // Above everything that has its buttons at the foot: drawers, the bar of selected rows, a phone's navigation.
      position="top-center"
      offset={{ top: 80 }}
      containerAriaLabel={label}
      visibleToasts={4}
      gap={8}
      mobileOffset={{ top: 80, left: 12, right: 12 }}
      icons={{
        success: <CircleCheck aria-hidden className="size-4 text-ok" />,
        error: <CircleAlert aria-hidden className="size-4 text-danger" />,
        warning: <TriangleAlert aria-hidden className="size-4 text-warning" />,
        info: <Info aria-hidden className="size-4 text-ink-3" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'font-sans flex w-[min(24rem,calc(100vw-1.5rem))] items-center gap-2.5 rounded-lg border border-border bg-raised px-3 py-2.5 text-sm text-ink shadow-pop',
          title: 'font-medium',
          description: 'mt-0.5 text-ink-2',
          content: 'min-w-0 flex-1',
          actionButton: 'shrink-0 rounded-sm px-2 py-1 text-sm font-medium text-accent hover:bg-hover',
          cancelButton: 'shrink-0 rounded-sm px-2 py-1 text-sm text-ink-2 hover:bg-hover',
        },
      }}
    />
  );
}
