'use client';

import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import type { Messages } from 'use-intl';
import type { Locale } from '#components/i18n/preferences.ts';
import { MessagesProvider } from '#components/i18n/provider.tsx';
import { QueryProvider } from '#components/query/provider.tsx';
import { TooltipProvider } from '#components/ui/tooltip.tsx';
import { Toaster } from '#components/ui/toast.tsx';

interface Props {
  readonly locale: Locale;
  readonly messages: Messages;
  /** Names the region of toasts. */
  readonly toasts: string;
  readonly children: ReactNode;
}

/** What every page stands on, signed in or not: texts, queries, the URL, tooltips and toasts. */
export function Providers({ locale, messages, toasts, children }: Props) {
  return (
    <MessagesProvider locale={locale} messages={messages}>
      <QueryProvider>
        <NuqsAdapter>
          <TooltipProvider>
            {children}
            <Toaster label={toasts} />
          </TooltipProvider>
        </NuqsAdapter>
      </QueryProvider>
    </MessagesProvider>
  );
}
