'use client';

import { Ellipsis, KeyRound, Lock, LockOpen, UserPlus, UsersRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type UserView, userView } from '#domain/access/view.ts';
import { GrantBadges } from '#components/access/grants.tsx';
import { usePages } from '#components/access/pages.ts';
import {
  NewUserDialog,
  PasswordDialog,
  RolesDialog,
  useUsersChanged,
} from '#components/access/user-dialogs.tsx';
import { useProblemText } from '#components/i18n/reason.tsx';
import { api } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { Menu, MenuItem } from '#components/ui/dropdown-menu.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';

type Open =
  { readonly kind: 'new' } | { readonly kind: 'roles' | 'password' | 'disable'; readonly user: UserView };

/** Who may sign in, and what they may do. */
export function UsersPage() {
  const t = useTranslations('settings.users');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { query, items } = usePages({
    key: ['instance', 'users', 'list'],
    path: '/api/v1/instance/users',
    item: userView,
  });
  const columns = useColumns(setOpen);
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        actions={
          <Button variant="primary" onClick={() => setOpen({ kind: 'new' })}>
            <UserPlus aria-hidden />
            {t('new')}
          </Button>
        }
      />
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <DataTable caption={t('caption')} columns={columns} rows={items} rowId={(user) => user.id} />
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
      {open?.kind === 'new' ? <NewUserDialog onClose={close} /> : null}
      {open?.kind === 'roles' ? <RolesDialog user={open.user} onClose={close} /> : null}
      {open?.kind === 'password' ? <PasswordDialog user={open.user} onClose={close} /> : null}
      {open?.kind === 'disable' ? <DisableDialog user={open.user} onClose={close} /> : null}
    </>
  );
}

function useColumns(onOpen: (open: Open) => void) {
  const t = useTranslations('settings.users');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<UserView>();
    return h.columns([
      h.accessor('name', {
        header: t('name'),
        meta: { priority: 1 },
        cell: ({ row: { original: user } }) => (
          <span className="flex flex-col">
            <span className="font-medium">{user.name}</span>
            <span className="text-xs text-ink-3">{user.email}</span>
          </span>
        ),
      }),
      h.display({
        id: 'roles',
        header: t('roles'),
        meta: { cardLabel: t('roles') },
        cell: ({ row }) => <GrantBadges grants={row.original.grants} />,
      }),
      h.display({
        id: 'state',
        header: t('state'),
        meta: { cardLabel: t('state'), width: '9rem' },
        cell: ({ row }) => <UserState user={row.original} />,
      }),
      h.accessor('last_seen_at', {
        header: t('seen'),
        meta: { cardLabel: t('seen'), width: '9rem' },
        cell: ({ row: { original: user } }) =>
          user.last_seen_at === null ? (
            <span className="text-ink-3">{t('never')}</span>
          ) : (
            <RelativeTime at={user.last_seen_at} />
          ),
      }),
      h.display({
        id: 'actions',
        header: () => <span className="sr-only">{common('actions')}</span>,
        meta: { width: '3rem', align: 'end', className: 'max-md:absolute max-md:top-2 max-md:right-2' },
        cell: ({ row }) => <UserMenu user={row.original} onOpen={onOpen} />,
      }),
    ]);
  }, [t, common, onOpen]);
}

function UserState({ user }: { readonly user: UserView }) {
  const t = useTranslations('settings.users');
  if (user.disabled_at !== null) return <Badge tone="danger">{t('disabled')}</Badge>;
  if (user.is_owner) return <Badge tone="accent">{t('owner')}</Badge>;
  return user.has_password ? (
    <Badge tone="ok">{t('active')}</Badge>
  ) : (
    <Badge tone="warning">{t('no_password')}</Badge>
  );
}

function UserMenu({ user, onOpen }: { readonly user: UserView; readonly onOpen: (open: Open) => void }) {
  const t = useTranslations('settings.users');
  const problemText = useProblemText();
  const changed = useUsersChanged();
  const { viewer } = useFrame();
  const enable = async () => {
    try {
      await api('POST', `/api/v1/instance/users/${encodeURIComponent(user.id)}/enable`, { body: {} });
      await changed();
      toast.success(t('enabled_done', { name: user.name }));
    } catch (problem) {
      toast.error(problemText(problem));
    }
  };
  const trigger = (
    <Button size="icon-sm" variant="ghost" aria-label={t('actions', { name: user.name })}>
      <Ellipsis aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuItem onSelect={() => onOpen({ kind: 'roles', user })}>
        <UsersRound aria-hidden />
        {t('edit_roles')}
      </MenuItem>
      {user.id === viewer.id ? null : (
        <MenuItem onSelect={() => onOpen({ kind: 'password', user })}>
          <KeyRound aria-hidden />
          {t('reset_password')}
        </MenuItem>
      )}
      {user.disabled_at !== null ? (
        <MenuItem onSelect={() => void enable()}>
          <LockOpen aria-hidden />
          {t('enable')}
        </MenuItem>
      ) : user.is_owner ? null : (
        <MenuItem danger onSelect={() => onOpen({ kind: 'disable', user })}>
          <Lock aria-hidden />
          {t('disable')}
        </MenuItem>
      )}
    </Menu>
  );
}

function DisableDialog({ user, onClose }: { readonly user: UserView; readonly onClose: () => void }) {
  const t = useTranslations('settings.users');
  const changed = useUsersChanged();
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('disable_title', { name: user.name })}
      consequences={t('disable_text')}
      verb={t('disable')}
      danger
      onConfirm={async () => {
        await api('POST', `/api/v1/instance/users/${encodeURIComponent(user.id)}/disable`, { body: {} });
        await changed();
        toast.success(t('disabled_done', { name: user.name }));
      }}
    />
  );
}
