'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { traderCalls } from './queries.ts';

export type TraderVerb = 'start' | 'stop' | 'halt' | 'resume' | 'delete';

/** What may be asked of a trader where it stands. */
export function verbsOf(trader: Pick<TraderView, 'phase' | 'started'>): readonly TraderVerb[] {
  return [
    trader.started ? 'stop' : 'start',
    ...(trader.phase === 'HALTED' ? (['resume'] as const) : (['halt'] as const)),
    'delete',
  ];
}

interface ActDialogProps {
  readonly scope: string;
  readonly trader: TraderView;
  readonly verb: TraderVerb;
  readonly onClose: () => void;
  /** After a trader is gone. */
  readonly onDeleted?: () => void;
}

/** Asks before a trader is started, stopped, halted, resumed or deleted, and says what that does and does not do. */
export function ActDialog({ scope, trader, verb, onClose, onDeleted }: ActDialogProps) {
  const t = useTranslations('traders.act');
  const client = useQueryClient();
  const real = useFrame().scope?.kind === 'real';
  const [reason, setReason] = useState('');
  const asksWhy = verb === 'halt' || (verb === 'resume' && real);
  const id = trader.trader_id;
  const holds = trader.position !== null;
  const act = async () => {
    if (verb === 'start') await traderCalls.start(scope, id);
    else if (verb === 'stop') await traderCalls.stop(scope, id);
    else if (verb === 'halt') await traderCalls.halt(scope, id, reason);
    else if (verb === 'resume') await traderCalls.resume(scope, id, real ? { reason, confirm: scope } : {});
    else await traderCalls.remove(scope, id);
    await client.invalidateQueries({ queryKey: [scope, 'traders'] });
    toast.success(t(`${verb}_done`, { trader: trader.definition.name }));
    if (verb === 'delete') onDeleted?.();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t(`${verb}_title`, { trader: trader.definition.name })}
      consequences={
        <>
          <p>{t(`${verb}_text`)}</p>
          {verb === 'halt' && trader.order !== null ? (
            <p className="mt-1 font-medium">
              {t(trader.order.side === 'buy' ? 'halt_buy' : 'halt_sell', { symbol: trader.symbol ?? '' })}
            </p>
          ) : null}
          {verb === 'halt' && holds ? (
            <p className="mt-1 font-medium text-danger">{t('halt_holds', { symbol: trader.symbol ?? '' })}</p>
          ) : null}
          {verb === 'stop' && holds ? (
            <p className="mt-1 font-medium">{t('stop_holds', { symbol: trader.symbol ?? '' })}</p>
          ) : null}
        </>
      }
      verb={t(verb)}
      dismiss={t('keep')}
      danger={verb === 'halt' || verb === 'delete'}
      ready={!asksWhy || reason.trim() !== ''}
      {...(real && verb === 'resume' ? { typed: { text: scope, label: t('type_scope', { scope }) } } : {})}
      onConfirm={act}
    >
      {asksWhy ? (
        <Field label={t('reason')} hint={t('reason_hint')} required>
          <Input value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
        </Field>
      ) : null}
    </ConfirmDialog>
  );
}
