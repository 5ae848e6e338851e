'use client';

import { CircleUser, Keyboard, Languages, LogOut, Moon, Settings, Sun, SunMoon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { locales, palettes, themes } from '#components/i18n/preferences.ts';
import type { Preferences, Theme } from '#components/i18n/preferences.ts';
import { api } from '#components/query/api.ts';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '#components/ui/dropdown-menu.tsx';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.tsx';
import { useSetPreference } from '#components/shell/use-preferences.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';

const themeIcons: Record<Theme, typeof Sun> = { system: SunMoon, light: Sun, dark: Moon };

/** Language; each is named in itself. */
export function LanguageMenu({ preferences }: { readonly preferences: Preferences }) {
  const t = useTranslations('shell.language');
  const set = useSetPreference();
  return (
    <Menu trigger={<BarButton label={t('label')} icon={Languages} />}>
      <MenuLabel>{t('label')}</MenuLabel>
      <MenuChoice
        value={preferences.locale}
        onChange={(locale) => set('locale', locale)}
        options={locales.map((locale) => ({ value: locale, label: <span lang={locale}>{t(locale)}</span> }))}
      />
    </Menu>
  );
}

/** Theme, and the colours of gain and loss. */
export function AppearanceMenu({ preferences }: { readonly preferences: Preferences }) {
  const t = useTranslations('shell');
  const set = useSetPreference();
  return (
    <Menu trigger={<BarButton label={t('theme.label')} icon={themeIcons[preferences.theme]} />}>
      <MenuLabel>{t('theme.label')}</MenuLabel>
      <MenuChoice
        value={preferences.theme}
        onChange={(theme) => set('theme', theme)}
        options={themes.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
      />
      <MenuSeparator />
      <MenuLabel>{t('gains.label')}</MenuLabel>
      <MenuChoice
        value={preferences.palette}
        onChange={(palette) => set('palette', palette)}
        options={palettes.map((palette) => ({ value: palette, label: t(`gains.${palette}`) }))}
      />
    </Menu>
  );
}

/** Who one is signed in as, and the way out. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const t = useTranslations('shell');
  const { viewer } = useFrame();
  const settings = useTranslations('settings');
  const router = useRouter();
  const signOut = useSignOut();
  return (
    <Menu trigger={<BarButton label={t('account.label', { name: viewer.name })} icon={CircleUser} />}>
      <div className="px-2 py-1.5">
        <p className="text-sm font-medium">{viewer.name}</p>
        <p className="text-xs text-ink-3">{viewer.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem onSelect={() => router.push('/settings/account')}>
        <Settings aria-hidden />
        {settings('title')}
      </MenuItem>
      <MenuItem onSelect={onShortcuts}>
        <Keyboard aria-hidden />
        {t('shortcuts.open')}
      </MenuItem>
      <MenuItem onSelect={signOut}>
        <LogOut aria-hidden />
        {t('account.sign_out')}
      </MenuItem>
    </Menu>
  );
}

/** Ends the sign-in and leaves nothing of it in this tab. */
export function useSignOut(): () => void {
  const t = useTranslations('shell.account');
  return () => {
    api('POST', '/api/auth/sign-out', { body: {} }).then(
      () => window.location.assign('/sign-in'),
      () => toast.error(t('sign_out_failed')),
    );
  };
}

interface BarButtonProps extends React.ComponentProps<'button'> {
  readonly label: string;
  readonly icon: typeof Sun;
}

function BarButton({ label, icon: Icon, ...rest }: BarButtonProps) {
  return (
    <Button variant="ghost" size="icon-sm" aria-label={label} title={label} {...rest}>
      <Icon aria-hidden />
    </Button>
  );
}
