'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { PluginView } from '#domain/jobs/plugins.ts';
import { cn } from '#components/ui/cn.ts';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { RelativeTime } from '#components/ui/time.tsx';

function State({ plugin }: { readonly plugin: PluginView }) {
  const t = useTranslations('engine.plugins');
  const refused = plugin.problem !== null;
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        refused ? 'text-danger' : 'text-ok',
      )}
    >
      <span aria-hidden className="w-3 text-center text-xs">
        {refused ? '✕' : '●'}
      </span>
      {t(refused ? 'refused' : 'loaded')}
    </span>
  );
}

/** A hyphen is no place to part a name; a folder's path may be parted anywhere. */
function TaskName({ name }: { readonly name: string }) {
  return (
    <span className={cn('font-medium', name.includes('/') ? 'break-all' : 'whitespace-nowrap')}>{name}</span>
  );
}

function usePluginColumns() {
  const t = useTranslations('engine.plugins');
  return useMemo(() => {
    const h = columnHelper<PluginView>();
    const sortless = { enableSorting: false } as const;
    return h.columns([
      h.display({
        ...sortless,
        id: 'state',
        header: t('state'),
        cell: ({ row }) => <State plugin={row.original} />,
        meta: { priority: 1, width: '9rem' },
      }),
      h.display({
        ...sortless,
        id: 'task',
        header: t('task'),
        cell: ({ row }) => <TaskName name={row.original.name} />,
        meta: { priority: 1 },
      }),
      h.display({
        ...sortless,
        id: 'about',
        header: t('about'),
        cell: ({ row: { original: plugin } }) => (
          <span className={cn('[overflow-wrap:anywhere]', plugin.problem !== null && 'text-danger')}>
            {plugin.problem ?? plugin.description}
          </span>
        ),
        meta: { cardLabel: t('about') },
      }),
      h.display({
        ...sortless,
        id: 'file',
        header: t('file'),
        cell: ({ row }) => (
          <span title={row.original.file} className="font-mono text-xs text-ink-2 [overflow-wrap:anywhere]">
            {row.original.file.slice(row.original.file.lastIndexOf('/') + 1)}
          </span>
        ),
        meta: { cardLabel: t('file') },
      }),
      h.display({
        ...sortless,
        id: 'seen',
        header: t('seen'),
        cell: ({ row }) => <RelativeTime at={row.original.updated_at} />,
        meta: { cardLabel: t('seen'), align: 'end', width: '8rem' },
      }),
      h.display({
        ...sortless,
        id: 'build',
        header: t('build'),
        cell: ({ row }) => (
          <span className="font-mono text-xs text-ink-2">{row.original.build.slice(0, 7)}</span>
        ),
        meta: { priority: 3, width: '6rem', align: 'end' },
      }),
    ]);
  }, [t]);
}

/** Plug-in files as the workers found them, and what is wrong with those that were refused. */
export function PluginTable({ plugins }: { readonly plugins: readonly PluginView[] }) {
  const t = useTranslations('engine.plugins');
  const columns = usePluginColumns();
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={plugins}
      rowId={(plugin) => plugin.name}
      keyboard={false}
    />
  );
}
