'use client';

import { ChevronsUpDown } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { scopeCookie, writeCookie } from '#components/i18n/preferences.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuChoice, MenuLabel } from '#components/ui/dropdown-menu.tsx';
import { ScopeMark } from '#components/shell/scope-mark.tsx';
import type { ScopeInfo } from '#components/shell/viewer.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';

/** A scope's name as people say it: `real` and `mock` have words, a rehearsal has its own name. */
export function useScopeName(): (scope: ScopeInfo | null) => string {
  const t = useTranslations('scopes');
  return (scope) =>
    scope === null ? t('instance') : scope.kind === 'rehearsal' ? scope.name : t(scope.kind);
}

/** Goes to the same page of another scope (its list where a page shows one thing). */
export function useGoToScope(): (name: string) => void {
  const router = useRouter();
  const pathname = usePathname();
  const { scope } = useFrame();
  return (name) => {
    writeCookie(scopeCookie, name);
    const page = scope === null ? 'jobs' : (pathname.split('/')[2] ?? 'jobs');
    router.push(`/${name}/${page}`);
  };
}

/** Which world one is in, and the way to another. */
export function ScopeSwitch() {
  const t = useTranslations('shell');
  const { viewer, scope } = useFrame();
  const nameOf = useScopeName();
  const go = useGoToScope();
  return (
    <Menu
      align="start"
      className="min-w-52"
      trigger={
        <Button
          variant="ghost"
          aria-label={t('scope_switch', { scope: nameOf(scope) })}
          className="min-w-0 gap-2 px-2 text-md font-semibold text-ink"
        >
          {scope === null ? null : <ScopeMark kind={scope.kind} />}
          <span className="truncate">{nameOf(scope)}</span>
          <ChevronsUpDown aria-hidden className="size-3.5! text-ink-3" />
        </Button>
      }
    >
      <MenuLabel>{t('scope')}</MenuLabel>
      <MenuChoice
        value={scope?.name ?? ''}
        onChange={go}
        options={viewer.scopes.map((entry) => ({
          value: entry.name,
          label: (
            <>
              <ScopeMark kind={entry.kind} />
              {nameOf(entry)}
            </>
          ),
        }))}
      />
    </Menu>
  );
}
