'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#domain/accounts/view.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { recordEntry } from '#components/positions/queries.ts';

interface EntryDialogProps {
  readonly scope: string;
  readonly account: AccountView;
  readonly kind: 'deposit' | 'withdrawal' | 'adjustment';
  readonly onClose: () => void;
}

const plainDigits = (text: string) => text.replaceAll(/[,\s]/g, '');
const isAmount = (text: string) => /^\d{1,20}(\.\d{1,8})?$/.test(text) && /[1-9]/.test(text);
const isChange = (text: string) => isAmount(text.replace(/^-/, ''));

/** Adds a line to a book by hand: money that moved at the broker, or a correction of what differs. */
export function EntryDialog({ scope, account, kind, onClose }: EntryDialogProps) {
  const t = useTranslations('positions.entry');
  const client = useQueryClient();
  const frame = useFrame();
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const digits = plainDigits(amount);
  const adjusts = kind === 'adjustment';
  const good = adjusts ? isChange(digits) : isAmount(digits);
  const name = { account: account.name };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t(`${kind}_title`, name)}
      consequences={t(`${kind}_text`)}
      verb={t(kind)}
      ready={good && reason.trim() !== ''}
      {...(frame.scope?.kind === 'real'
        ? { typed: { text: frame.scope.name, label: t('type_scope', { name: frame.scope.name }) } }
        : {})}
      onConfirm={async () => {
        const common = { account: account.account_id, reason: reason.trim() };
        await recordEntry(
          scope,
          adjusts ? { kind, ...common, cash: digits } : { kind, ...common, amount: digits },
        );
        await Promise.all([
          client.invalidateQueries({ queryKey: [scope, 'accounts'] }),
          client.invalidateQueries({ queryKey: [scope, 'positions'] }),
        ]);
        toast.success(t('recorded', name));
      }}
    >
      <Field
        label={t(adjusts ? 'change' : 'amount', { currency: account.currency })}
        error={amount !== '' && !good ? t(adjusts ? 'change_bad' : 'amount_bad') : undefined}
        required
      >
        <Input
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
          className="text-right tabular-nums"
        />
      </Field>
      <Field label={t('reason')} hint={t('reason_hint')} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
