'use client';

import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Contrast, Languages, ListChecks, LogOut, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Base } from 'radix-ui';
import { useDeferredValue, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { useKillSwitch } from '#components/kill-switch/provider.tsx';
import { controlsQuery } from '#components/kill-switch/queries.ts';
import { actionsFor, stateOf } from '#components/kill-switch/state.ts';
import { switchIcons } from '#components/kill-switch/switch-items.tsx';
import { locales, themes } from '#components/i18n/preferences.ts';
import { api, queryString } from '#components/query/api.ts';
import { cn } from '#components/ui/cn.ts';
import { overlayStyle } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { itemStyle } from '#components/ui/menu-style.ts';
import { useSignOut } from '#components/shell/menus.tsx';
import type { NavLink } from '#components/shell/navigation.ts';
import { ScopeMark } from '#components/shell/scope-mark.tsx';
import { useGoToScope, useScopeName } from '#components/shell/scope-switch.tsx';
import { useSetPreference } from '#components/shell/use-preferences.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';

const jobsFound = z.object({
  items: z.array(z.object({ job_id: z.string(), description: z.string().nullish() })),
});

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly links: readonly NavLink[];
}

/** Everything by name: pages, jobs of this scope, scopes and preferences. */
export function Palette({ open, onOpenChange, links }: PaletteProps) {
  const t = useTranslations('shell.palette');
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className={overlayStyle} />
        <Base.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 flex max-h-[64vh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-fade flex-col overflow-hidden rounded-lg border border-border bg-raised text-ink shadow-pop outline-none max-md:top-3 max-md:max-h-[80vh]"
        >
          <Base.Title className="sr-only">{t('title')}</Base.Title>
          <PaletteBody links={links} close={() => onOpenChange(false)} />
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

function PaletteBody({ links, close }: { readonly links: readonly NavLink[]; readonly close: () => void }) {
  const t = useTranslations('shell');
  const nav = useTranslations('nav');
  const router = useRouter();
  const { viewer, scope } = useFrame();
  const [query, setQuery] = useState('');
  const jobs = useJobsFound(scope?.name ?? null, query);
  const nameOf = useScopeName();
  const goToScope = useGoToScope();
  const set = useSetPreference();
  const signOut = useSignOut();
  const act = (what: () => void) => () => {
    close();
    what();
  };
  return (
    <Command label={t('palette.title')} className="flex min-h-0 flex-col" loop>
      <div className="flex items-center gap-2 border-b border-hairline px-3">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder={t('palette.placeholder')}
          className="h-11 w-full bg-transparent text-md outline-none"
        />
        <Kbd keys="Esc" />
      </div>
      <Command.Empty className="px-3 py-6 text-center text-sm text-ink-3">
        {jobs.isFetching
          ? t('palette.searching')
          : jobs.isError
            ? t('palette.search_failed')
            : t('palette.empty', { query })}
      </Command.Empty>
      <Command.List className="min-h-0 overflow-y-auto p-1">
        <SwitchCommands act={act} />
        <Group heading={t('palette.pages')}>
          {links.map((link) => (
            <Item
              key={link.href}
              value={`${nav(link.key)} ${link.path}`}
              icon={<link.icon aria-hidden />}
              onSelect={act(() => router.push(link.href))}
              {...(link.keys === undefined ? {} : { keys: link.keys })}
            >
              {nav(link.key)}
            </Item>
          ))}
        </Group>
        <Group heading={t('palette.jobs')}>
          {(query === '' ? [] : (jobs.data?.items ?? [])).map((job) => (
            <Item
              key={job.job_id}
              value={`job ${job.job_id}`}
              // The server has matched it already, by more than its name.
              found={query}
              icon={<ListChecks aria-hidden />}
              onSelect={act(() => router.push(`/${scope?.name}/jobs/${job.job_id}`))}
            >
              {job.job_id}
              {job.description ? <span className="ml-2 text-xs text-ink-3">{job.description}</span> : null}
            </Item>
          ))}
        </Group>
        <Group heading={t('palette.scopes')}>
          {viewer.scopes
            .filter((entry) => entry.name !== scope?.name)
            .map((entry) => (
              <Item
                key={entry.name}
                value={`${t('scope')} ${entry.name} ${nameOf(entry)}`}
                icon={<ScopeMark kind={entry.kind} />}
                onSelect={act(() => goToScope(entry.name))}
              >
                {nameOf(entry)}
              </Item>
            ))}
        </Group>
        <Group heading={t('palette.actions')}>
          {themes.map((theme) => (
            <Item
              key={theme}
              value={`${t('theme.label')} theme ${t(`theme.${theme}`)}`}
              icon={<Contrast aria-hidden />}
              onSelect={act(() => set('theme', theme))}
            >
              {t('theme.label')}: {t(`theme.${theme}`)}
            </Item>
          ))}
          {locales.map((locale) => (
            <Item
              key={locale}
              value={`${t('language.label')} language ${t(`language.${locale}`)}`}
              icon={<Languages aria-hidden />}
              onSelect={act(() => set('locale', locale))}
            >
              {t('language.label')}: {t(`language.${locale}`)}
            </Item>
          ))}
          <Item
            value={`${t('account.sign_out')} sign out`}
            icon={<LogOut aria-hidden />}
            onSelect={act(signOut)}
          >
            {t('account.sign_out')}
          </Item>
        </Group>
      </Command.List>
    </Command>
  );
}

/** The kill switch by name; stopping entries is done at once, the rest asks first. */
function SwitchCommands({ act }: { readonly act: (what: () => void) => () => void }) {
  const t = useTranslations('kill_switch');
  const { scope } = useFrame();
  const { may, ask } = useKillSwitch();
  const { data } = useQuery({ ...controlsQuery(scope?.name ?? ''), enabled: may });
  if (scope === null || !may || data === undefined) return null;
  return (
    <Group heading={t('title')}>
      {actionsFor(stateOf(data.scope)).map((action) => {
        const Icon = switchIcons[action];
        return (
          <Item
            key={action}
            value={`${t('title')} kill switch ${t(`act.${action}`)}`}
            icon={<Icon aria-hidden />}
            onSelect={act(() => ask({ level: 'scope', subject: scope.name }, action))}
            {...(action === 'stop_entries' ? { keys: 's e' } : {})}
          >
            {t(`act.${action}`)}
          </Item>
        );
      })}
    </Group>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&>[cmdk-group-heading]]:px-2 [&>[cmdk-group-heading]]:pt-2 [&>[cmdk-group-heading]]:pb-1 [&>[cmdk-group-heading]]:text-2xs [&>[cmdk-group-heading]]:font-medium [&>[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  readonly value: string;
  readonly icon: ReactNode;
  readonly keys?: string;
  /** Typed text this entry matches although its words do not hold it. */
  readonly found?: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

function Item({ value, icon, keys, found, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      keywords={found === undefined ? [] : [found]}
      className={cn(itemStyle, 'min-h-8')}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys === undefined ? null : <Kbd keys={keys} />}
    </Command.Item>
  );
}

const settleMs = 150;

/** The text once typing has paused, so that each letter does not ask the server. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return useDeferredValue(settled);
}

/** Jobs of the scope that match what is typed. */
function useJobsFound(scope: string | null, query: string) {
  const settled = useSettled(query.trim());
  return useQuery({
    queryKey: [scope ?? 'instance', 'jobs', 'palette', settled],
    queryFn: ({ signal }) =>
      api('GET', `/api/v1/${scope}/jobs${queryString({ q: settled, limit: 8 })}`, {
        schema: jobsFound,
        signal,
      }),
    enabled: scope !== null && settled !== '',
  });
}
