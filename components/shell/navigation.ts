import {
  Activity,
  Bot,
  CalendarDays,
  ChartCandlestick,
  ChartGantt,
  ChartNoAxesCombined,
  Gauge,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  LockKeyhole,
  ReceiptText,
  NotebookText,
  ScrollText,
  Users,
  Wallet,
  Workflow,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { Permission } from '#domain/access/access.ts';
import { mayDo } from '#components/shell/viewer.ts';
import type { Viewer } from '#components/shell/viewer.ts';

/** Groups in the order they stand; texts are `nav.<group>`. */
export const navGroups = ['today', 'instance', 'settings'] as const;
export type NavGroup = (typeof navGroups)[number];

export interface NavEntry {
  /** Text `nav.<key>`. */
  readonly key: string;
  readonly group: NavGroup;
  readonly icon: LucideIcon;
  /** Relative to `/{scope}` in the group `today`; from the root elsewhere. Empty: the scope's first page. */
  readonly path: string;
  readonly permission: Permission;
  /** Shortcut that leads there. */
  readonly keys?: string;
  /** Stands in the bar at the foot of a phone. */
  readonly phone?: true;
}

/** Every page that can be reached by name. A new page adds its line here and its text to `nav`. */
export const navigation: readonly NavEntry[] = [
  {
    key: 'desk',
    group: 'today',
    icon: LayoutDashboard,
    path: '',
    permission: 'traders.view',
    keys: 'g d',
    phone: true,
  },
  {
    key: 'traders',
    group: 'today',
    icon: Bot,
    path: '/traders',
    permission: 'traders.view',
    keys: 'g b',
    phone: true,
  },
  {
    key: 'jobs',
    group: 'today',
    icon: ListChecks,
    path: '/jobs',
    permission: 'jobs.view',
    keys: 'g j',
    phone: true,
  },
  {
    key: 'runs',
    group: 'today',
    icon: Activity,
    path: '/runs',
    permission: 'runs.view',
    keys: 'g r',
    phone: true,
  },
  {
    key: 'positions',
    group: 'today',
    icon: Wallet,
    path: '/positions',
    permission: 'orders.view',
    keys: 'g p',
    phone: true,
  },
  {
    key: 'orders',
    group: 'today',
    icon: ReceiptText,
    path: '/orders',
    permission: 'orders.view',
    keys: 'g o',
  },
  {
    key: 'timeline',
    group: 'today',
    icon: ChartGantt,
    path: '/timeline',
    permission: 'runs.view',
    keys: 'g t',
  },
  {
    key: 'graph',
    group: 'today',
    icon: Workflow,
    path: '/graph',
    permission: 'jobs.view',
    keys: 'g w',
  },
  {
    key: 'locks',
    group: 'today',
    icon: LockKeyhole,
    path: '/locks',
    permission: 'engine.view',
    keys: 'g l',
  },
  {
    key: 'calendar',
    group: 'today',
    icon: CalendarDays,
    path: '/calendar',
    permission: 'jobs.view',
    keys: 'g c',
  },
  {
    key: 'pnl',
    group: 'today',
    icon: ChartNoAxesCombined,
    path: '/pnl',
    permission: 'traders.view',
    keys: 'g f',
  },
  {
    key: 'summaries',
    group: 'today',
    icon: NotebookText,
    path: '/summaries',
    permission: 'traders.view',
    keys: 'g s',
  },
  {
    key: 'engine',
    group: 'instance',
    icon: Gauge,
    path: '/engine',
    permission: 'engine.view',
    keys: 'g e',
  },
  {
    key: 'market',
    group: 'instance',
    icon: ChartCandlestick,
    path: '/market',
    permission: 'traders.view',
    keys: 'g m',
  },
  {
    key: 'users',
    group: 'settings',
    icon: Users,
    path: '/settings/users',
    permission: 'users.manage',
    keys: 'g u',
  },
  {
    key: 'keys',
    group: 'settings',
    icon: KeyRound,
    path: '/settings/keys',
    permission: 'keys.manage',
    keys: 'g k',
  },
  {
    key: 'audit',
    group: 'settings',
    icon: ScrollText,
    path: '/settings/audit',
    permission: 'audit.view',
    keys: 'g a',
  },
];

export interface NavLink extends NavEntry {
  readonly href: string;
}

/**
 * The entries this viewer may open.
 * @param scope the scope that scoped pages lead to.
 */
export function linksFor(viewer: Viewer, scope: string | null): readonly NavLink[] {
  return navigation.flatMap((entry) => {
    const inScope = entry.group === 'today';
    if (inScope && scope === null) return [];
    // Engine pages are of the whole instance, but a role held in any scope lets one look.
    const scopes = inScope ? [scope] : [null, ...viewer.scopes.map(({ name }) => name)];
    if (!scopes.some((name) => mayDo(viewer, entry.permission, name))) return [];
    return [{ ...entry, href: inScope ? `/${scope}${entry.path}` : entry.path }];
  });
}

/** Whether a page belongs to an entry: its own path or one below it; below a scope's first page are the others. */
export function isCurrent({ href, path }: Pick<NavLink, 'href' | 'path'>, pathname: string): boolean {
  return pathname === href || (path !== '' && pathname.startsWith(`${href}/`));
}
