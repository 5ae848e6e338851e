'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { scopeCookie, writeCookie } from '#components/i18n/preferences.ts';
import type { Preferences } from '#components/i18n/preferences.ts';
import { cn } from '#components/ui/cn.ts';
import { KillSwitchProvider } from '#components/kill-switch/provider.tsx';
import { LiveProvider } from '#components/query/live.tsx';
import { linksFor } from '#components/shell/navigation.ts';
import type { NavLink } from '#components/shell/navigation.ts';
import { Palette } from '#components/shell/palette.tsx';
import { PhoneNav } from '#components/shell/phone-nav.tsx';
import { ShortcutSheet } from '#components/shell/shortcut-sheet.tsx';
import { ShortcutsProvider, insideDialog, useShortcut } from '#components/shell/shortcuts.tsx';
import { SideNav } from '#components/shell/side-nav.tsx';
import { TopBar } from '#components/shell/top-bar.tsx';
import { useSetPreference } from '#components/shell/use-preferences.ts';
import type { ScopeInfo, Viewer } from '#components/shell/viewer.ts';
import { ViewerProvider } from '#components/shell/viewer-context.tsx';

interface ShellProps {
  readonly viewer: Viewer;
  /** null on pages of the whole instance. */
  readonly scope: ScopeInfo | null;
  /** On instance pages, the scope that navigation leads back to. */
  readonly lastScope?: string | null;
  readonly preferences: Preferences;
  readonly children: ReactNode;
}

/** The frame of every signed-in page. */
export function Shell({ viewer, scope, lastScope = null, preferences, children }: ShellProps) {
  return (
    <ViewerProvider viewer={viewer} scope={scope}>
      <LiveProvider scope={scope?.name ?? null}>
        <ShortcutsProvider>
          <KillSwitchProvider>
            <Frame viewer={viewer} scope={scope} lastScope={lastScope} preferences={preferences}>
              {children}
            </Frame>
          </KillSwitchProvider>
        </ShortcutsProvider>
      </LiveProvider>
    </ViewerProvider>
  );
}

function Frame({ viewer, scope, lastScope = null, preferences, children }: ShellProps) {
  const t = useTranslations('shell');
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [collapsed, setCollapsed] = useState(preferences.nav === 'collapsed');
  const set = useSetPreference();
  const known = viewer.scopes.some(({ name }) => name === lastScope);
  const links = linksFor(viewer, scope?.name ?? (known ? lastScope : (viewer.scopes[0]?.name ?? null)));

  useEffect(() => {
    if (scope !== null) writeCookie(scopeCookie, scope.name);
  }, [scope]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code !== 'KeyK' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setPalette((shown) => !shown && !insideDialog());
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  useShortcut('?', () => setSheet(true), { label: t('shortcuts.sheet'), group: 'general' });
  useShortcut('/', focusSearch, { label: t('shortcuts.search'), group: 'general' });

  return (
    <div className={cn('min-h-dvh', scope !== null && '[--top:calc(var(--bar)+1.5rem)]')}>
      <a
        href="#content"
        className="sr-only z-60 rounded-md bg-accent-solid px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      {links.map((link) =>
        link.keys === undefined ? null : <GoTo key={link.href} link={link} keys={link.keys} />,
      )}
      <TopBar
        preferences={preferences}
        onPalette={() => setPalette(true)}
        onShortcuts={() => setSheet(true)}
      />
      <div className="flex">
        <SideNav
          links={links}
          collapsed={collapsed}
          onCollapse={(next) => {
            setCollapsed(next);
            set('nav', next ? 'collapsed' : 'open');
          }}
        />
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 px-6 pt-5 pb-16 outline-none max-md:px-3 max-md:pt-3 max-md:pb-24"
        >
          {children}
        </main>
      </div>
      <PhoneNav links={links} />
      <Palette open={palette} onOpenChange={setPalette} links={links} />
      <ShortcutSheet open={sheet} onOpenChange={setSheet} />
    </div>
  );
}

/** Moves the focus to the page's search field, marked `data-page-search`. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

function GoTo({ link, keys }: { readonly link: NavLink; readonly keys: string }) {
  const nav = useTranslations('nav');
  const router = useRouter();
  useShortcut(keys, () => router.push(link.href), { label: nav(link.key), group: 'go' });
  return null;
}
