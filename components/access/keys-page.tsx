'use client';

import { KeyRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type KeyView, keyView } from '#domain/access/view.ts';
import { GrantBadges } from '#components/access/grants.tsx';
import { NewKeyDialog, RevokeKeyDialog } from '#components/access/key-dialogs.tsx';
import { usePages } from '#components/access/pages.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { RelativeTime, Time } from '#components/ui/time.tsx';

const tones = { active: 'ok', expired: 'warning', revoked: 'danger' } as const;

/** Keys of programs that call the API. */
export function KeysPage() {
  const t = useTranslations('settings.keys');
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<KeyView | null>(null);
  const [ended, setEnded] = useState(false);
  const { query, items } = usePages({
    key: ['instance', 'keys', 'list'],
    path: '/api/v1/instance/keys',
    item: keyView,
  });
  const columns = useColumns(setRevoking);
  const rows = useMemo(() => items?.filter((key) => ended || key.state === 'active'), [items, ended]);
  const create = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <KeyRound aria-hidden />
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('lead')} actions={create} />
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {items?.some((key) => key.state !== 'active') === true ? (
            <ToggleRow
              label={t('show_ended')}
              control={<Checkbox checked={ended} onCheckedChange={(checked) => setEnded(checked === true)} />}
            />
          ) : null}
          <DataTable
            caption={t('caption')}
            columns={columns}
            rows={rows}
            rowId={(key) => key.id}
            empty={<EmptyState kind="nothing" title={t('empty_title')} text={t('empty_text')} />}
          />
          {rows === undefined || rows.length === 0 ? null : (
            <LoadMore
              shown={rows.length}
              hasMore={query.hasNextPage}
              busy={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          )}
        </>
      )}
      {making ? <NewKeyDialog onClose={() => setMaking(false)} /> : null}
      {revoking === null ? null : <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function useColumns(onRevoke: (key: KeyView) => void) {
  const t = useTranslations('settings.keys');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<KeyView>();
    const faint = (text: string) => <span className="text-ink-3">{text}</span>;
    return h.columns([
      h.accessor('name', {
        header: t('name'),
        meta: { priority: 1 },
        cell: ({ row: { original: key } }) => (
          <span className="flex flex-col">
            <span className="font-medium">{key.name}</span>
            <code className="text-xs text-ink-3">{key.prefix}…</code>
          </span>
        ),
      }),
      h.display({
        id: 'roles',
        header: t('roles'),
        meta: { cardLabel: t('roles') },
        cell: ({ row }) => <GrantBadges grants={row.original.grants} />,
      }),
      h.accessor('state', {
        header: t('state'),
        meta: { cardLabel: t('state'), width: '7rem' },
        cell: ({ row: { original: key } }) => <Badge tone={tones[key.state]}>{t(key.state)}</Badge>,
      }),
      h.accessor('expires_at', {
        header: t('expires'),
        meta: { cardLabel: t('expires'), width: '10rem' },
        cell: ({ row: { original: key } }) =>
          key.expires_at === null ? faint(t('never')) : <Time at={key.expires_at} />,
      }),
      h.accessor('last_used_at', {
        header: t('used'),
        meta: { cardLabel: t('used'), width: '8rem' },
        cell: ({ row: { original: key } }) =>
          key.last_used_at === null ? faint(t('unused')) : <RelativeTime at={key.last_used_at} />,
      }),
      h.accessor('created_by', { header: t('made'), meta: { cardLabel: t('made'), width: '8rem' } }),
      h.display({
        id: 'actions',
        header: () => <span className="sr-only">{common('actions')}</span>,
        meta: { width: '5rem', align: 'end', className: 'max-md:absolute max-md:top-2 max-md:right-2' },
        cell: ({ row: { original: key } }) =>
          key.state === 'revoked' ? null : (
            <Button size="sm" variant="danger-ghost" onClick={() => onRevoke(key)}>
              {t('revoke')}
            </Button>
          ),
      }),
    ]);
  }, [t, common, onRevoke]);
}
