'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { type SignInView, signInView } from '#domain/access/view.ts';
import { deviceOf } from '#components/access/device.ts';
import { usePages } from '#components/access/pages.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { api } from '#components/query/api.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { RelativeTime, Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';

const signIns = '/api/v1/instance/sign-ins';

/** Where the viewer is signed in. */
export function SignInsPage() {
  const t = useTranslations('settings.sign_ins');
  const problemText = useProblemText();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const { query, items } = usePages({
    key: ['instance', 'users', 'sign-ins'],
    path: signIns,
    item: signInView,
  });

  const end = async (what: string, act: () => Promise<string>) => {
    setBusy(what);
    try {
      const said = await act();
      await client.invalidateQueries({ queryKey: ['instance', 'users', 'sign-ins'] });
      toast.success(said);
    } catch (problem) {
      toast.error(problemText(problem));
    } finally {
      setBusy(null);
    }
  };
  const endOne = async (id: string) => {
    await api('POST', `${signIns}/${encodeURIComponent(id)}/revoke`, { body: {} });
    return t('ended');
  };
  const endOthers = async () => {
    const ended = await api('POST', `${signIns}/revoke-others`, {
      body: {},
      schema: z.object({ sign_ins_ended: z.number() }),
    });
    return t('others_ended', { count: ended.sign_ins_ended });
  };

  const columns = useColumns(busy, (id) => void end(id, () => endOne(id)));

  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        actions={
          <Button
            busy={busy === 'others'}
            disabled={(items?.length ?? 0) < 2}
            onClick={() => void end('others', endOthers)}
          >
            {t('end_others')}
          </Button>
        }
      />
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <DataTable
            caption={t('caption')}
            columns={columns}
            rows={items}
            rowId={(item) => item.id}
            skeletonRows={2}
          />
          {items === undefined ? null : (
            <LoadMore
              shown={items.length}
              hasMore={query.hasNextPage}
              busy={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          )}
        </>
      )}
    </>
  );
}

function useColumns(busy: string | null, onEnd: (id: string) => void) {
  const t = useTranslations('settings.sign_ins');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<SignInView>();
    return h.columns([
      h.accessor('user_agent', {
        header: t('device'),
        meta: { priority: 1 },
        cell: ({ row: { original: item } }) => <Device signIn={item} />,
      }),
      h.accessor('address', {
        header: t('address'),
        meta: { cardLabel: t('address'), width: '11rem' },
        cell: ({ row: { original: item } }) =>
          item.address ?? <span className="text-ink-3">{t('unknown_address')}</span>,
      }),
      h.accessor('last_seen_at', {
        header: t('seen'),
        meta: { cardLabel: t('seen'), width: '9rem' },
        cell: ({ row }) => <RelativeTime at={row.original.last_seen_at} />,
      }),
      h.accessor('created_at', {
        header: t('since'),
        meta: { cardLabel: t('since'), width: '12rem' },
        cell: ({ row }) => <Time at={row.original.created_at} />,
      }),
      h.display({
        id: 'actions',
        header: () => <span className="sr-only">{common('actions')}</span>,
        meta: { width: '6rem', align: 'end', className: 'max-md:absolute max-md:top-2 max-md:right-2' },
        cell: ({ row: { original: item } }) =>
          item.current ? null : (
            <Button size="sm" variant="danger-ghost" busy={busy === item.id} onClick={() => onEnd(item.id)}>
              {t('end')}
            </Button>
          ),
      }),
    ]);
  }, [t, common, busy, onEnd]);
}

function Device({ signIn }: { readonly signIn: SignInView }) {
  const t = useTranslations('settings.sign_ins');
  const { browser, system } = deviceOf(signIn.user_agent ?? '');
  const name =
    browser !== null && system !== null
      ? t('browser_on', { browser, system })
      : (browser ?? system ?? t('unknown_device'));
  return (
    <span className="flex items-center gap-2" title={signIn.user_agent ?? undefined}>
      {name}
      {signIn.current ? <Badge tone="accent">{t('current')}</Badge> : null}
    </span>
  );
}
