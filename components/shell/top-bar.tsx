'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Preferences } from '#components/i18n/preferences.ts';
import { Kbd, useModifierKey } from '#components/ui/kbd.tsx';
import { KillSwitchBar } from '#components/kill-switch/switch-bar.tsx';
import { HealthDot } from '#components/shell/health.tsx';
import { LiveIndicator } from '#components/shell/live-indicator.tsx';
import { AccountMenu, AppearanceMenu, LanguageMenu } from '#components/shell/menus.tsx';
import { ScopeBand } from '#components/shell/scope-band.tsx';
import { ScopeSwitch } from '#components/shell/scope-switch.tsx';
import { useFrame } from '#components/shell/viewer-context.tsx';

interface TopBarProps {
  readonly preferences: Preferences;
  readonly onPalette: () => void;
  readonly onShortcuts: () => void;
}

/** The scope first; then search, whether the page is live, whether the desk is well, and the viewer's own things. */
export function TopBar({ preferences, onPalette, onShortcuts }: TopBarProps) {
  const t = useTranslations('shell');
  const { scope } = useFrame();
  const modifier = useModifierKey();
  return (
    <header className="sticky top-0 z-30 print:hidden">
      {scope === null ? null : <ScopeBand scope={scope} />}
      <div className="flex h-(--bar) items-center gap-1 border-b border-hairline bg-canvas px-2">
        <ScopeSwitch />
        <button
          type="button"
          onClick={onPalette}
          aria-keyshortcuts="Meta+K Control+K"
          className="touch ml-1 flex h-(--control-sm) items-center gap-2 rounded-md px-2 text-xs text-ink-3 transition-colors hover:bg-hover md:w-72 md:border md:border-hairline md:bg-surface"
        >
          <Search aria-hidden className="size-3.5 shrink-0 max-md:size-4" />
          <span className="flex-1 truncate text-left max-md:sr-only">{t('palette.placeholder')}</span>
          <span aria-hidden className="max-md:hidden">
            <Kbd keys={`${modifier} K`} />
          </span>
        </button>
        <div className="ml-auto flex items-center gap-0.5">
          {scope === null ? null : <KillSwitchBar scope={scope.name} />}
          <LiveIndicator />
          {scope === null ? null : <HealthDot scope={scope.name} />}
          <span className="flex max-md:hidden">
            <LanguageMenu preferences={preferences} />
          </span>
          <AppearanceMenu preferences={preferences} />
          <AccountMenu onShortcuts={onShortcuts} />
        </div>
      </div>
    </header>
  );
}
