'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'use-intl';
import type { Permission } from '#domain/access/access.ts';
import { isCurrent } from '#components/shell/navigation.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { mayDo } from '#components/shell/viewer.ts';
import { cn } from '#components/ui/cn.ts';

const sections: readonly {
  readonly key: string;
  readonly path: string;
  readonly permission: Permission | null;
}[] = [
  { key: 'account', path: '/settings/account', permission: null },
  { key: 'sign_ins', path: '/settings/sign-ins', permission: null },
  { key: 'users', path: '/settings/users', permission: 'users.manage' },
  { key: 'keys', path: '/settings/keys', permission: 'keys.manage' },
  { key: 'audit', path: '/settings/audit', permission: 'audit.view' },
];

/** The pages of the settings that this person may open. */
export function SettingsNav() {
  const t = useTranslations('settings');
  const pathname = usePathname();
  const { viewer } = useFrame();
  const shown = sections.filter(({ permission }) => permission === null || mayDo(viewer, permission, null));
  return (
    <nav aria-label={t('sections')} className="mb-5 overflow-x-auto border-b border-hairline">
      <ul className="flex gap-4">
        {shown.map(({ key, path }) => {
          const current = isCurrent({ href: path, path }, pathname);
          return (
            <li key={key}>
              <Link
                href={path}
                aria-current={current ? 'page' : undefined}
                className={cn(
                  'ring-inset-focus -mb-px flex h-(--control) items-center border-b-2 border-transparent px-0.5 text-sm font-medium whitespace-nowrap text-ink-2 hover:text-ink max-md:h-11',
                  current && 'border-accent text-ink',
                )}
              >
                {t(`nav.${key}`)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
