'use client';

import { Menu as MenuIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { Sheet } from '#components/ui/sheet.tsx';
import { isCurrent, navGroups } from '#components/shell/navigation.ts';
import type { NavLink } from '#components/shell/navigation.ts';

const barItem = 'ring-inset-focus flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs';

/** The bar at the foot of a phone: the main pages, and a drawer with all. */
export function PhoneNav({ links }: { readonly links: readonly NavLink[] }) {
  const t = useTranslations('nav');
  const pathname = usePathname();
  const [open, setOpen] = useState(false);
  return (
    <>
      <nav
        aria-label={t('label')}
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-hairline bg-surface pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
      >
        {links
          .filter((link) => link.phone === true)
          .map((link) => {
            const current = isCurrent(link, pathname);
            return (
              <Link
                key={link.href}
                href={link.href}
                aria-current={current ? 'page' : undefined}
                className={cn(barItem, current ? 'font-medium text-accent' : 'text-ink-2')}
              >
                <link.icon aria-hidden className="size-5" strokeWidth={1.75} />
                {t(link.key)}
              </Link>
            );
          })}
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
          className={cn(barItem, 'text-ink-2')}
        >
          <MenuIcon aria-hidden className="size-5" strokeWidth={1.75} />
          {t('menu')}
        </button>
      </nav>
      <Sheet open={open} onOpenChange={setOpen} title={t('menu')}>
        {navGroups.map((group) => {
          const shown = links.filter((link) => link.group === group);
          if (shown.length === 0) return null;
          return (
            <div key={group} className="pb-3">
              <p className="pb-1 text-xs font-medium text-ink-3">{t(group)}</p>
              <ul>
                {shown.map((link) => (
                  <li key={link.href}>
                    <Link
                      href={link.href}
                      onClick={() => setOpen(false)}
                      className="flex h-11 items-center gap-3 text-md"
                    >
                      <link.icon aria-hidden className="size-5 text-ink-3" strokeWidth={1.75} />
                      {t(link.key)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </Sheet>
    </>
  );
}
