'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Check, CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { traderCalls } from './queries.ts';
import { verbIcons } from './trader-menu.tsx';

export type BulkVerb = 'start' | 'stop';
type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Buttons over the selected traders. */
export function BulkActions({ onVerb }: { readonly onVerb: (verb: BulkVerb) => void }) {
  const t = useTranslations('traders.act');
  return (['start', 'stop'] as const).map((verb) => {
    const Icon = verbIcons[verb];
    return (
      <Button key={verb} size="sm" onClick={() => onVerb(verb)}>
        <Icon aria-hidden />
        {t(verb)}
      </Button>
    );
  });
}

interface BulkDialogProps {
  readonly scope: string;
  readonly verb: BulkVerb;
  readonly traders: readonly TraderView[];
  /** Closed; with the ids that failed, which stay selected; null when nothing was done. */
  readonly onClose: (failed: readonly string[] | null) => void;
}

/** Asks with the count and what it means, does it one after the other, and says for each how it went. */
export function BulkDialog({ scope, verb, traders, onClose }: BulkDialogProps) {
  const t = useTranslations('traders.bulk');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome> | null>(null);
  const count = traders.length;
  const working = outcomes !== null && outcomes.size < count;
  const failed = traders.filter(({ trader_id: id }) => outcomes?.get(id)?.ok === false);
  const holding = traders.filter(({ position }) => position !== null).length;

  const start = async () => {
    const done = new Map<string, Outcome>();
    setOutcomes(new Map());
    for (const { trader_id: id } of traders) {
      const outcome = await traderCalls[verb](scope, id).then(
        (): Outcome => ({ ok: true }),
        (problem: unknown): Outcome => ({ ok: false, why: problemText(problem) }),
      );
      done.set(id, outcome);
      setOutcomes(new Map(done));
    }
    void client.invalidateQueries({ queryKey: [scope, 'traders'] });
  };
  const close = () => {
    if (!working) onClose(outcomes === null ? null : failed.map(({ trader_id: id }) => id));
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) close();
      }}
      title={t(`${verb}_title`, { count })}
      description={t(verb === 'stop' && holding > 0 ? 'stop_text_holding' : `${verb}_text`, {
        count: holding,
      })}
      footer={
        outcomes === null ? (
          <>
            <Button onClick={close}>{common('cancel')}</Button>
            <Button variant="primary" onClick={() => void start()}>
              {t(`${verb}_verb`, { count })}
            </Button>
          </>
        ) : (
          <Button variant="primary" busy={working} onClick={close}>
            {common('close')}
          </Button>
        )
      }
    >
      {outcomes === null ? null : (
        <output className="block pb-2 text-sm font-medium">
          {t('result', { done: outcomes.size - failed.length, failed: failed.length, total: count })}
        </output>
      )}
      <ul className="divide-y divide-hairline text-sm">
        {traders.map((trader) => (
          <Row key={trader.trader_id} trader={trader} outcome={outcomes?.get(trader.trader_id)} />
        ))}
      </ul>
    </Dialog>
  );
}

function Row({ trader, outcome }: { readonly trader: TraderView; readonly outcome: Outcome | undefined }) {
  const t = useTranslations('traders.bulk');
  return (
    <li className="flex min-h-8 items-center gap-2 py-1">
      <span className="min-w-0 flex-1 truncate">
        {trader.definition.name} <span className="text-xs text-ink-3">{trader.trader_id}</span>
      </span>
      {outcome === undefined ? null : outcome.ok ? (
        <span className="flex items-center gap-1 text-ok">
          <Check aria-hidden className="size-3.5" />
          {t('ok')}
        </span>
      ) : (
        <span className="flex items-center gap-1 text-danger">
          <CircleAlert aria-hidden className="size-3.5 shrink-0" />
          {outcome.why}
        </span>
      )}
    </li>
  );
}
