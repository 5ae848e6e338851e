'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedLockView, SymbolLockView } from '#domain/locks/view.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { reconciledSymbol, releaseNamed, releaseSymbol, removeNamed } from '#components/locks/queries.ts';

interface WithReasonProps {
  readonly title: string;
  readonly consequences: ReactNode;
  readonly verb: string;
  readonly danger?: boolean;
  /** Typed first in `real`. */
  readonly name: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
  readonly act: (reason: string) => Promise<void>;
}

/** Asks why; in `real` also for the name, so that nobody means another. */
function WithReason({ title, consequences, verb, danger, name, children, onClose, act }: WithReasonProps) {
  const t = useTranslations('locks.act');
  const { scope } = useFrame();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={title}
      consequences={consequences}
      verb={verb}
      dismiss={t('keep')}
      danger={danger ?? false}
      ready={reason.trim() !== ''}
      {...(scope?.kind === 'real' ? { typed: { text: name, label: t('type_name', { name }) } } : {})}
      onConfirm={async () => {
        await act(reason);
        await client.invalidateQueries({ queryKey: [scope?.name ?? '', 'locks'] });
      }}
    >
      {children}
      <Field label={t('reason')} hint={t('reason_hint')} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}

interface NamedProps {
  readonly scope: string;
  readonly lock: NamedLockView;
  readonly onClose: () => void;
}

/** Asks before a named lock is forced open, saying what becomes of its holder. */
export function ReleaseLockDialog({ scope, lock, onClose }: NamedProps) {
  const t = useTranslations('locks.act');
  const state = lock.holder?.run_state;
  const kind = state === 'running' || state === 'dispatched' ? state : 'nobody';
  return (
    <WithReason
      title={t('release_title', { name: lock.name })}
      consequences={
        <>
          <p>{t(`release_${kind}`, { holder: lock.holder?.name ?? '' })}</p>
          {lock.waiting === 0 ? null : <p className="mt-1">{t('release_next', { count: lock.waiting })}</p>}
        </>
      }
      verb={t('release')}
      danger
      name={lock.name}
      onClose={onClose}
      act={async (reason) => {
        const { effect } = await releaseNamed(scope, lock.name, reason);
        toast.success(t(`released_${effect}`, { name: lock.name }));
      }}
    />
  );
}

/** Asks before a lock of the desk's own is removed. */
export function RemoveLockDialog({ scope, lock, onClose }: NamedProps) {
  const t = useTranslations('locks.act');
  const client = useQueryClient();
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('remove_title', { name: lock.name })}
      consequences={t('remove_text', { id: lock.lock_id })}
      verb={t('remove')}
      danger
      onConfirm={async () => {
        await removeNamed(scope, lock.name);
        await client.invalidateQueries({ queryKey: [scope, 'locks'] });
        toast.success(t('removed', { name: lock.name }));
      }}
    />
  );
}

interface SymbolProps {
  readonly scope: string;
  readonly lock: SymbolLockView;
  readonly onClose: () => void;
}

/** Asks before a symbol is taken from its trader. */
export function ReleaseSymbolDialog({ scope, lock, onClose }: SymbolProps) {
  const t = useTranslations('locks.act');
  return (
    <WithReason
      title={t('force_title', { symbol: lock.symbol })}
      consequences={
        <>
          <p>{t('force_text', { trader: lock.trader ?? '', symbol: lock.symbol })}</p>
          {lock.has_position ? (
            <p className="mt-1 font-medium text-danger">{t('force_position', { symbol: lock.symbol })}</p>
          ) : null}
        </>
      }
      verb={t('force')}
      danger
      name={lock.symbol}
      onClose={onClose}
      act={async (reason) => {
        await releaseSymbol(scope, lock.symbol, reason);
        toast.success(t('forced', { symbol: lock.symbol }));
      }}
    />
  );
}

/** Takes a person's word that a symbol agrees with the broker. */
export function ReconciledDialog({ scope, lock, onClose }: SymbolProps) {
  const t = useTranslations('locks.act');
  const [position, setPosition] = useState(lock.has_position);
  return (
    <WithReason
      title={t('reconcile_title', { symbol: lock.symbol })}
      consequences={t('reconcile_text', { symbol: lock.symbol })}
      verb={t('reconcile')}
      name={lock.symbol}
      onClose={onClose}
      act={async (reason) => {
        const { state } = await reconciledSymbol(scope, lock.symbol, { reason, position });
        toast.success(t(state === 'free' ? 'reconciled_free' : 'reconciled_kept', { symbol: lock.symbol }));
      }}
    >
      <ToggleRow
        label={t('position')}
        control={<Checkbox checked={position} onCheckedChange={(checked) => setPosition(checked === true)} />}
      />
      <p className="text-xs text-ink-3">{t(position ? 'position_kept' : 'position_none')}</p>
    </WithReason>
  );
}
