'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { BrokerOrderView, OrderView } from '#domain/orders/view.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { cancelOrder, resolveOrder } from '#components/orders/queries.ts';

interface AskProps {
  readonly title: string;
  readonly consequences: ReactNode;
  readonly verb: string;
  readonly danger?: boolean;
  readonly onClose: () => void;
  readonly act: (reason: string) => Promise<void>;
}

/** Asks why, saying what follows; in `real` also for the scope's name. */
function Ask({ title, consequences, verb, danger = false, onClose, act }: AskProps) {
  const t = useTranslations('orders.act');
  const client = useQueryClient();
  const { scope } = useFrame();
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={title}
      consequences={consequences}
      verb={verb}
      dismiss={t('keep')}
      danger={danger}
      ready={reason.trim() !== ''}
      {...(scope?.kind === 'real'
        ? { typed: { text: scope.name, label: t('type_scope', { name: scope.name }) } }
        : {})}
      onConfirm={async () => {
        await act(reason.trim());
        await client.invalidateQueries({ queryKey: [scope?.name ?? '', 'orders'] });
      }}
    >
      <Field label={t('reason')} hint={t('reason_hint')} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}

/** Asks before an open order is cancelled by hand. */
export function CancelOrderDialog({
  scope,
  order,
  onClose,
}: {
  readonly scope: string;
  readonly order: OrderView;
  readonly onClose: () => void;
}) {
  const t = useTranslations('orders.act');
  const name = order.symbol_name ?? order.symbol;
  return (
    <Ask
      title={t('cancel_title', { name })}
      consequences={
        <>
          <p>{t(order.purpose === 'exit' ? 'cancel_exit' : 'cancel_entry', { trader: order.trader })}</p>
          <p className="mt-1">{t('cancel_race')}</p>
        </>
      }
      verb={t('cancel')}
      danger
      onClose={onClose}
      act={async (reason) => {
        await cancelOrder(scope, order.order_id, reason);
        toast.success(t('cancel_asked', { name }));
      }}
    />
  );
}

interface ResolveProps {
  readonly scope: string;
  readonly order: OrderView;
  readonly candidate: BrokerOrderView;
  readonly onClose: () => void;
}

/** Asks before a broker order becomes ours on a person's word. */
export function AdoptDialog({ scope, order, candidate, onClose }: ResolveProps) {
  const t = useTranslations('orders.act');
  return (
    <Ask
      title={t('adopt_title', { key: candidate.broker_key })}
      consequences={
        <>
          <p>{t('adopt_text', { trader: order.trader })}</p>
          <p className="mt-1">{t('adopt_fills')}</p>
        </>
      }
      verb={t('adopt')}
      onClose={onClose}
      act={async (reason) => {
        await resolveOrder(scope, order.order_id, {
          action: 'adopt',
          broker_key: candidate.broker_key,
          reason,
        });
        toast.success(t('adopted', { key: candidate.broker_key }));
      }}
    />
  );
}

/** Asks before a broker order is said to be somebody else's. */
export function NotOursDialog({ scope, order, candidate, onClose }: ResolveProps) {
  const t = useTranslations('orders.act');
  return (
    <Ask
      title={t('not_ours_title', { key: candidate.broker_key })}
      consequences={
        <>
          <p>{t('not_ours_text')}</p>
          <p className="mt-1">{t(order.side === 'buy' ? 'not_ours_buy' : 'not_ours_sell')}</p>
        </>
      }
      verb={t('not_ours')}
      danger
      onClose={onClose}
      act={async (reason) => {
        await resolveOrder(scope, order.order_id, {
          action: 'not_ours',
          broker_key: candidate.broker_key,
          reason,
        });
        toast.success(t('disowned', { key: candidate.broker_key }));
      }}
    />
  );
}
