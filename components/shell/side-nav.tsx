'use client';

import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { isCurrent, navGroups } from '#components/shell/navigation.ts';
import type { NavLink } from '#components/shell/navigation.ts';

interface SideNavProps {
  readonly links: readonly NavLink[];
  readonly collapsed: boolean;
  readonly onCollapse: (collapsed: boolean) => void;
}

/** The groups of pages at the left edge; icons alone when collapsed. */
export function SideNav({ links, collapsed, onCollapse }: SideNavProps) {
  const t = useTranslations('nav');
  const label = collapsed ? t('expand') : t('collapse');
  return (
    <nav
      aria-label={t('label')}
      className={cn(
        'sticky top-(--top) flex h-[calc(100dvh-var(--top))] shrink-0 flex-col gap-3 overflow-y-auto border-r border-hairline px-2 py-3 max-md:hidden print:hidden',
        collapsed ? 'w-13' : 'w-52',
      )}
    >
      {navGroups.map((group) => (
        <NavGroup
          key={group}
          heading={t(group)}
          links={links.filter((link) => link.group === group)}
          collapsed={collapsed}
        />
      ))}
      <Tooltip text={label} side="right">
        <button
          type="button"
          aria-label={label}
          aria-expanded={!collapsed}
          onClick={() => onCollapse(!collapsed)}
          className="ring-inset-focus mt-auto grid h-8 w-9 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
        >
          {collapsed ? (
            <PanelLeftOpen aria-hidden className="size-4" />
          ) : (
            <PanelLeftClose aria-hidden className="size-4" />
          )}
        </button>
      </Tooltip>
    </nav>
  );
}

function NavGroup({
  heading,
  links,
  collapsed,
}: {
  readonly heading: string;
  readonly links: readonly NavLink[];
  readonly collapsed: boolean;
}) {
  const t = useTranslations('nav');
  const pathname = usePathname();
  if (links.length === 0) return null;
  return (
    <div>
      <p className={cn('px-2 pb-1 text-2xs font-medium text-ink-3', collapsed && 'sr-only')}>{heading}</p>
      <ul className="flex flex-col gap-px">
        {links.map((link) => {
          const current = isCurrent(link, pathname);
          const anchor = (
            <Link
              href={link.href}
              aria-current={current ? 'page' : undefined}
              aria-label={collapsed ? t(link.key) : undefined}
              className={cn(
                'ring-inset-focus flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors hover:bg-hover',
                current ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:text-ink',
              )}
            >
              <link.icon
                aria-hidden
                className={cn('size-4 shrink-0', current ? 'text-accent' : 'text-ink-3')}
              />
              {collapsed ? null : <span className="truncate">{t(link.key)}</span>}
            </Link>
          );
          return (
            <li key={link.href}>
              {collapsed ? (
                <Tooltip
                  text={t(link.key)}
                  side="right"
                  {...(link.keys === undefined ? {} : { keys: link.keys })}
                >
                  {anchor}
                </Tooltip>
              ) : (
                anchor
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
