'use client';

import { Bell } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Preferences } from '#components/i18n/preferences.ts';
import { AppearanceMenu, LanguageMenu } from '#components/shell/menus.tsx';

interface CardPageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly preferences: Preferences;
  readonly children: ReactNode;
}

/** A page outside the shell: signing in and setting up. */
export function CardPage({ title, lead, preferences, children }: CardPageProps) {
  const t = useTranslations('common');
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between px-4 py-3">
        <p className="flex items-center gap-2 text-sm font-semibold">
          <Bell aria-hidden className="size-4 text-accent" />
          {t('product')}
        </p>
        <div className="flex items-center gap-1">
          <LanguageMenu preferences={preferences} />
          <AppearanceMenu preferences={preferences} />
        </div>
      </header>
      <main className="mx-auto w-full max-w-sm flex-1 px-4 pt-[12vh] pb-16">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {lead === undefined ? null : <p className="mt-1 text-sm text-ink-2">{lead}</p>}
        <div className="mt-6">{children}</div>
      </main>
    </div>
  );
}
