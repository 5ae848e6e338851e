'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedLockView } from '#domain/locks/view.ts';
import { type Column, columnHelper } from '#components/ui/data-table.tsx';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Elapsed, RelativeTime } from '#components/ui/time.tsx';
import { explanationOf, sessionsOf } from '#components/locks/explain.ts';
import { Countdown, VerdictMark } from '#components/locks/marks.tsx';
import { ShortId, jobHref, processHref, runHref } from '#components/runs/run-words.tsx';

/** Waiters named in a row; the rest is a number. */
const waitersNamed = 3;
const top = 'md:py-2 md:align-top max-md:pl-0!';

export interface NamedActs {
  readonly release: (lock: NamedLockView) => void;
  readonly remove: (lock: NamedLockView) => void;
}

interface CellProps {
  readonly scope: string;
  readonly lock: NamedLockView;
}

function State({ lock }: Pick<CellProps, 'lock'>) {
  const t = useTranslations('locks.why');
  const why = explanationOf(lock);
  return (
    <span className="flex flex-col gap-0.5">
      <VerdictMark verdict={lock.verdict} />
      {why === null ? null : (
        <span className="max-w-80 text-xs font-normal text-ink-2">
          {t(why, { holder: lock.holder?.name ?? '–', sessions: sessionsOf(lock) })}
        </span>
      )}
    </span>
  );
}

function Holder({ scope, lock, skewMs }: CellProps & { readonly skewMs: number }) {
  const t = useTranslations('locks.named');
  const { holder } = lock;
  if (holder === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="flex flex-col items-start gap-0.5">
      <span className="inline-flex flex-wrap items-baseline gap-x-2 [overflow-wrap:anywhere]">
        {holder.job_id === null ? (
          <span className="font-medium">{holder.name}</span>
        ) : (
          <Link
            href={jobHref(scope, holder.job_id)}
            className="inline-flex items-center font-medium hover:underline max-md:min-h-11"
          >
            {holder.job_id}
          </Link>
        )}
        {holder.run_id === null ? null : (
          <Link
            href={runHref(scope, holder.run_id)}
            aria-label={t('run_of', { id: holder.run_id.slice(0, 8) })}
            className="inline-flex items-center text-ink-2 hover:underline max-md:min-h-11"
          >
            <ShortId id={holder.run_id} />
          </Link>
        )}
        {holder.cancelling ? <span className="text-xs text-warning">{t('stopping')}</span> : null}
      </span>
      <span className="inline-flex flex-wrap items-center gap-x-3 text-xs text-ink-2">
        <span>
          {t('since')} <Elapsed from={holder.since} />
        </span>
        {holder.until === null ? null : (
          <Countdown
            until={holder.until}
            ofSec={(Date.parse(holder.until) - Date.parse(holder.since)) / 1_000}
            skewMs={skewMs}
            label={t('left')}
            over={(text) => t('over', { text })}
            tone="danger"
          />
        )}
      </span>
    </span>
  );
}

function Waiters({ scope, lock }: CellProps) {
  const t = useTranslations('locks.named');
  if (lock.waiting === 0) return <span className="text-ink-3">–</span>;
  const named = lock.waiters.slice(0, waitersNamed);
  return (
    <ul className="flex flex-col md:-mt-0.5">
      {named.map((waiter) => (
        <li key={waiter.run_id} className="flex min-h-6 flex-wrap items-center gap-x-2 text-xs">
          <Link
            href={runHref(scope, waiter.run_id)}
            className="inline-flex min-h-6 items-center [overflow-wrap:anywhere] text-ink hover:underline max-md:min-h-11"
          >
            {waiter.job_id}
          </Link>
          <Elapsed from={waiter.queued_at} className="text-ink-3" />
        </li>
      ))}
      {lock.waiting > named.length ? (
        <li className="text-xs text-ink-3">{t('more', { count: lock.waiting - named.length })}</li>
      ) : null}
    </ul>
  );
}

function Advisory({ lock }: Pick<CellProps, 'lock'>) {
  const t = useTranslations('locks.named');
  const { class_id, object_id, backends } = lock.advisory;
  return (
    <span className="flex flex-col gap-0.5 text-xs">
      <code className="whitespace-nowrap text-ink-2">
        {class_id}, {object_id}
      </code>
      {backends.length === 0 ? <span className="text-ink-3">{t('no_session')}</span> : null}
      {backends.map((backend) => (
        <span key={backend.pid} className="whitespace-nowrap text-ink-2">
          {backend.process_id === null ? (
            (backend.application_name ?? t('unnamed'))
          ) : (
            <Link href={processHref(backend.process_id)} className="hover:underline">
              {t('worker')} <ShortId id={backend.process_id} />
            </Link>
          )}{' '}
          <span className="text-ink-3">pid {backend.pid}</span>
        </span>
      ))}
    </span>
  );
}

function Failures({ lock }: Pick<CellProps, 'lock'>) {
  if (lock.failures === 0) return <span className="text-ink-3">0</span>;
  return (
    <span className="flex flex-col">
      {lock.failures}
      {lock.last_failure_at === null ? null : (
        <RelativeTime at={lock.last_failure_at} className="text-xs text-ink-3" />
      )}
    </span>
  );
}

/** Columns of the named locks. @param acts null for those who may only look. */
export function useNamedColumns(
  scope: string,
  skewMs: number,
  acts: NamedActs | null,
): readonly Column<NamedLockView>[] {
  const t = useTranslations('locks.named');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<NamedLockView>();
    const sortless = { enableSorting: false } as const;
    return h.columns([
      h.accessor('name', {
        header: t('lock'),
        meta: { priority: 1, width: '14rem', className: top },
        cell: ({ row: { original: lock } }) => (
          <span className="flex flex-col gap-0.5">
            <span className="font-medium [overflow-wrap:anywhere]">{lock.name}</span>
            <span className="text-xs font-normal text-ink-3">
              {lock.builtin ? t(`builtin.${lock.name}`) : lock.description}
            </span>
          </span>
        ),
      }),
      h.display({
        ...sortless,
        id: 'state',
        header: t('state'),
        meta: { cardLabel: t('state'), width: '16rem', className: `${top} max-md:col-span-2` },
        cell: ({ row }) => <State lock={row.original} />,
      }),
      h.display({
        ...sortless,
        id: 'holder',
        header: t('holder'),
        meta: { cardLabel: t('holder'), className: `${top} md:min-w-60 max-md:col-span-2` },
        cell: ({ row }) => <Holder scope={scope} lock={row.original} skewMs={skewMs} />,
      }),
      h.display({
        ...sortless,
        id: 'waiting',
        header: t('waiting'),
        meta: { cardLabel: t('waiting'), width: '12rem', className: top },
        cell: ({ row }) => <Waiters scope={scope} lock={row.original} />,
      }),
      h.display({
        ...sortless,
        id: 'advisory',
        header: 'pg_locks',
        meta: { cardLabel: 'pg_locks', width: '10rem', className: top },
        cell: ({ row }) => <Advisory lock={row.original} />,
      }),
      h.accessor('failures', {
        header: t('failures'),
        meta: { cardLabel: t('failures'), width: '5.5rem', align: 'end', className: top },
        cell: ({ row }) => <Failures lock={row.original} />,
      }),
      ...(acts === null
        ? []
        : [
            h.display({
              ...sortless,
              id: 'actions',
              header: () => <span className="sr-only">{common('actions')}</span>,
              meta: {
                width: '6rem',
                align: 'end',
                className: `${top} max-md:absolute max-md:top-2 max-md:right-2`,
              },
              cell: ({ row: { original: lock } }) => (
                <Acts lock={lock} acts={acts} release={t('release')} remove={t('remove')} />
              ),
            }),
          ]),
    ]);
  }, [t, common, scope, skewMs, acts]);
}

function Acts({
  lock,
  acts,
  release,
  remove,
}: {
  readonly lock: NamedLockView;
  readonly acts: NamedActs;
  readonly release: string;
  readonly remove: string;
}) {
  if (lock.holder !== null && !lock.holder.cancelling)
    return (
      <Button
        size="sm"
        variant="danger-ghost"
        className="md:-my-1"
        aria-label={`${release}: ${lock.name}`}
        onClick={() => acts.release(lock)}
      >
        {release}
      </Button>
    );
  if (lock.builtin || lock.holder !== null || lock.waiting > 0 || lock.jobs.length > 0) return null;
  return (
    <IconButton className="md:-my-1" label={`${remove}: ${lock.name}`} onClick={() => acts.remove(lock)}>
      <Trash2 aria-hidden />
    </IconButton>
  );
}
