'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, CircleSlash, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#domain/accounts/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { SwitchMenu } from '#components/kill-switch/switch-items.tsx';
import { SwitchMark } from '#components/kill-switch/switch-mark.tsx';
import { stateOf } from '#components/kill-switch/state.ts';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money } from '#components/ui/money.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { EntryDialog } from '#components/positions/entry-dialog.tsx';
import { accountsQuery } from '#components/positions/queries.ts';

/** Each account: who sends for it, whether it may trade, what our book and the broker say, and its switch. */
export function AccountsTab({ scope }: { readonly scope: string }) {
  const t = useTranslations('positions');
  const query = useQuery(accountsQuery(scope));
  if (query.isError && query.data === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton className="h-40 w-full" />;
  if (query.data.length === 0)
    return <EmptyState kind="nothing" title={t('no_account_title')} text={t('no_account_text')} />;
  return (
    <ul className="flex flex-col gap-4">
      {query.data.map((account) => (
        <li key={account.account_id}>
          <Account scope={scope} account={account} />
        </li>
      ))}
    </ul>
  );
}

function Account({ scope, account }: { readonly scope: string; readonly account: AccountView }) {
  const t = useTranslations('positions');
  const mayControl = useMay('orders.control');
  const [recording, setRecording] = useState<'deposit' | 'withdrawal' | 'adjustment' | null>(null);
  return (
    <article
      aria-labelledby={`card-${account.account_id}`}
      className="rounded-lg border border-hairline bg-surface"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
        <h2 id={`card-${account.account_id}`} className="text-sm font-semibold">
          {account.name}
        </h2>
        <span className="text-xs text-ink-3">
          {account.account_id} · {t(`broker.${account.broker}`)} · {account.venue} · {account.currency}
        </span>
        <SwitchMark state={stateOf(account.control)} className="text-xs" />
        <span className="ml-auto flex flex-wrap items-center gap-1.5">
          {mayControl ? (
            <>
              <Button size="sm" onClick={() => setRecording('deposit')}>
                {t('entry.deposit')}
              </Button>
              <Button size="sm" onClick={() => setRecording('withdrawal')}>
                {t('entry.withdrawal')}
              </Button>
              <Button size="sm" onClick={() => setRecording('adjustment')}>
                {t('entry.adjustment')}
              </Button>
            </>
          ) : null}
          <SwitchMenu level="account" subject={account.account_id} />
        </span>
      </header>
      <div className="grid gap-x-6 gap-y-3 border-t border-hairline px-3.5 py-3 md:grid-cols-3">
        <Fact label={t('gateway.label')}>
          <Gateway account={account} />
        </Fact>
        <Fact label={t('ready.label')}>
          <Readiness account={account} />
        </Fact>
        <Fact label={t('cash.label')}>
          <Cash account={account} />
        </Fact>
      </div>
      <Drifts account={account} />
      {recording === null ? null : (
        <EntryDialog scope={scope} account={account} kind={recording} onClose={() => setRecording(null)} />
      )}
    </article>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="pb-0.5 text-xs text-ink-3">{label}</p>
      <div className="text-sm">{children}</div>
    </div>
  );
}

const marks = {
  ok: [Check, 'text-ok'],
  bad: [TriangleAlert, 'text-danger'],
  none: [CircleSlash, 'text-ink-3'],
} as const;

function Mark({ kind, children }: { readonly kind: keyof typeof marks; readonly children: ReactNode }) {
  const [Icon, tone] = marks[kind];
  return (
    <span className={cn('inline-flex items-center gap-1.5 font-medium', kind === 'bad' && 'text-danger')}>
      <Icon aria-hidden className={cn('size-3.5 shrink-0', tone)} />
      {children}
    </span>
  );
}

function Gateway({ account }: { readonly account: AccountView }) {
  const t = useTranslations('positions.gateway');
  const reason = useReason();
  const { gateway } = account;
  const kind = gateway.state === 'live' ? 'ok' : gateway.state === 'silent' ? 'bad' : 'none';
  return (
    <>
      <Mark kind={kind}>{t(gateway.state)}</Mark>
      <p className="text-xs text-ink-2">
        {gateway.process_id === null ? (
          t('nobody')
        ) : (
          <Link href={`/engine#process-${gateway.process_id}`} className="hover:underline">
            {t('process', { id: gateway.process_id.slice(0, 8), epoch: gateway.epoch })}
          </Link>
        )}
        {gateway.heartbeat_at === null ? null : (
          <>
            {' · '}
            <RelativeTime at={gateway.heartbeat_at} />
          </>
        )}
      </p>
      {gateway.trouble === null ? null : <p className="text-xs text-danger">{reason(gateway.trouble)}</p>}
    </>
  );
}

function Readiness({ account }: { readonly account: AccountView }) {
  const t = useTranslations('positions.ready');
  const reason = useReason();
  return (
    <>
      <Mark kind={account.ready ? 'ok' : 'bad'}>{t(account.ready ? 'yes' : 'no')}</Mark>
      <p className="text-xs text-ink-2">
        {account.ready || account.ready_reason === null ? null : reason(account.ready_reason)}{' '}
        {account.reconciled_at === null ? (
          t('never')
        ) : (
          <>
            {t('reconciled')} <RelativeTime at={account.reconciled_at} />
          </>
        )}
      </p>
      {account.stopped_day === null ? null : (
        <p className="text-xs text-danger">
          {t('stopped_day', { day: account.stopped_day })}{' '}
          {account.stopped_reason === null ? null : reason(account.stopped_reason)}
        </p>
      )}
    </>
  );
}

function Cash({ account }: { readonly account: AccountView }) {
  const t = useTranslations('positions.cash');
  return (
    <dl className="grid max-w-64 grid-cols-[auto_1fr] gap-x-4">
      <dt className="text-ink-2">{t('ours')}</dt>
      <dd className="text-right">
        <Money value={account.cash} places={2} />
      </dd>
      <dt className="text-ink-2">{t('broker')}</dt>
      <dd className="text-right">
        <Money value={account.broker_cash} places={2} />
      </dd>
    </dl>
  );
}

/** Differences that the last comparison found, each with what explains it. */
function Drifts({ account }: { readonly account: AccountView }) {
  const t = useTranslations('positions.drift');
  const reason = useReason();
  if (account.broker_at === null) return null;
  if (account.drift.length === 0)
    return <p className="border-t border-hairline px-3.5 py-2.5 text-sm text-ink-2">{t('none')}</p>;
  return (
    <ul aria-label={t('label')} className="divide-y divide-hairline border-t border-hairline">
      {account.drift.map((drift, index) => (
        <li key={index} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3.5 py-2 text-sm">
          <Badge tone={drift.explained === null ? 'danger' : 'neutral'}>
            {t(drift.explained === null ? 'unexplained' : 'explained')}
          </Badge>
          {drift.symbol === null ? null : <span className="font-medium tabular-nums">{drift.symbol}</span>}
          <span>
            {reason({
              code: `drift_${drift.kind}`,
              params: { ...drift.params, cause: drift.params['code'] ?? '' },
            })}
          </span>
          <span className="text-ink-2">{reason({ code: `explained_${drift.explained ?? 'nothing'}` })}</span>
        </li>
      ))}
    </ul>
  );
}
