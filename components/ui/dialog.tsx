'use client';

/* oxlint-disable jsx-a11y/no-noninteractive-tabindex --
   what scrolls must be reachable with the keyboard (WCAG 2.1.1). */

import { X } from 'lucide-react';
import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { Button } from '#components/ui/button.tsx';

export const overlayStyle = 'fixed inset-0 z-40 animate-fade bg-[oklch(0.15_0.01_265/0.45)]';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** Says what this is for; read out with the title. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the decisive one last. */
  readonly footer?: ReactNode;
  /** `center` for a question, `side` for details beside a list. */
  readonly place?: 'center' | 'side';
  readonly className?: string;
}

const places = {
  center:
    'top-[12vh] left-1/2 max-h-[76vh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 animate-fade rounded-lg max-md:top-auto max-md:bottom-0 max-md:left-0 max-md:max-h-[88vh] max-md:w-full max-md:translate-x-0 max-md:rounded-b-none',
  side: 'inset-y-0 right-0 w-[min(36rem,100vw)] animate-slide border-y-0 border-r-0',
};

/** A window above the page: focus stays inside, Escape closes, focus returns. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  place = 'center',
  className,
}: DialogProps) {
  const t = useTranslations('common');
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className={overlayStyle} />
        <Base.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cn(
            'fixed z-50 flex flex-col border border-border bg-raised text-ink shadow-pop outline-none',
            places[place],
            className,
          )}
        >
          <header className="flex items-start gap-2 px-4 pt-3 pb-2">
            <div className="min-w-0 flex-1 pt-1">
              <Base.Title className="text-md font-semibold">{title}</Base.Title>
              {description === undefined ? null : (
                <Base.Description className="mt-1 text-sm text-ink-2">{description}</Base.Description>
              )}
            </div>
            {/* No tooltip: the button takes the focus when the window opens. */}
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('close')}
              onClick={() => onOpenChange(false)}
            >
              <X aria-hidden />
            </Button>
          </header>
          {/* What is longer than the window is scrolled with the keyboard too, also when nothing in it takes the focus. */}
          <section
            tabIndex={0}
            aria-label={t('content')}
            className="ring-inset-focus min-h-0 flex-1 overflow-y-auto px-4 pb-4 outline-none [--top:0px]"
          >
            {children}
          </section>
          {footer === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-hairline px-4 py-3 max-md:*:flex-1">
              {footer}
            </footer>
          )}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
