'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText, useReason } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { RelativeTime } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import type { Concern, Severity } from './attention.ts';
import { acknowledge } from './queries.ts';

const looks: Readonly<Record<Severity, { readonly colour: string; readonly shape: string }>> = {
  critical: { colour: 'text-danger', shape: '◆' },
  warning: { colour: 'text-warning', shape: '▲' },
  info: { colour: 'text-ink-3', shape: '●' },
};

/** Concerns shown before one asks for the rest. */
const firstShown = 6;

interface PanelProps {
  readonly scope: string;
  /** Undefined while it is read. */
  readonly concerns: readonly Concern[] | undefined;
}

/** What needs somebody, the gravest first; nothing is said in so many words. */
export function AttentionPanel({ scope, concerns }: PanelProps) {
  const t = useTranslations('desk.attention');
  const [all, setAll] = useState(false);
  const shown = all ? (concerns ?? []) : (concerns ?? []).slice(0, firstShown);
  const more = (concerns?.length ?? 0) - shown.length;
  return (
    <section aria-labelledby="attention-title" className="flex min-w-0 flex-col">
      <h2 id="attention-title" className="flex items-baseline gap-2 pb-1 text-sm font-semibold">
        {t('title')}
        {concerns === undefined || concerns.length === 0 ? null : (
          <span className="text-xs font-normal text-ink-3">{concerns.length}</span>
        )}
      </h2>
      {concerns === undefined ? null : concerns.length === 0 ? (
        <p className="flex items-center gap-1.5 py-2 text-sm text-ok">
          <Check aria-hidden className="size-4" />
          {t('nothing')}
        </p>
      ) : (
        <ul className="divide-y divide-hairline">
          {shown.map((concern) => (
            <Row key={concern.key} scope={scope} concern={concern} />
          ))}
        </ul>
      )}
      {more > 0 ? (
        <Button size="sm" variant="ghost" className="mt-1 self-start" onClick={() => setAll(true)}>
          {t('more', { count: more })}
        </Button>
      ) : null}
    </section>
  );
}

function Row({ scope, concern }: { readonly scope: string; readonly concern: Concern }) {
  const t = useTranslations('desk.attention');
  const { colour, shape } = looks[concern.severity];
  const title = useTitle(concern);
  const at = 'at' in concern ? concern.at : concern.kind === 'alert' ? concern.alert.last_at : null;
  return (
    <li className="flex items-start gap-2 py-1.5 text-sm">
      <span className={cn('w-4 shrink-0 text-center text-xs leading-5', colour)}>
        <span aria-hidden>{shape}</span>
        <span className="sr-only">{t(`severity.${concern.severity}`)}</span>
      </span>
      <span className="min-w-0 flex-1">
        {concern.href === null ? (
          <span className="font-medium">{title}</span>
        ) : (
          <Link
            href={concern.href}
            className="font-medium underline decoration-hairline underline-offset-2 hover:decoration-current max-md:inline-block max-md:py-1"
          >
            {title}
          </Link>
        )}
        <Detail concern={concern} />
        {at === null ? null : <RelativeTime at={at} className="block text-2xs text-ink-3" />}
      </span>
      {concern.kind === 'alert' ? <Acknowledge scope={scope} id={concern.alert.id} /> : null}
    </li>
  );
}

function useTitle(concern: Concern): ReactNode {
  const t = useTranslations('desk.attention');
  const reason = useReason();
  switch (concern.kind) {
    case 'switch':
      return t(concern.flatten ? 'switch_flatten' : `switch_${concern.mode}`);
    case 'gateway':
      return t(concern.state === 'live' ? 'gateway_not_ready' : `gateway_${concern.state}`, {
        account: concern.account,
      });
    case 'unknown':
      return t(concern.side === 'buy' ? 'unknown_buy' : 'unknown_sell', { symbol: concern.symbol });
    case 'halted':
      return t('halted', { trader: concern.trader });
    case 'alert':
      return reason(concern.alert.reason);
    case 'runs':
      return t(concern.what, { count: concern.count });
  }
}

function Detail({ concern }: { readonly concern: Concern }) {
  const t = useTranslations('desk.attention');
  const reason = useReason();
  const text = ((): string | null => {
    switch (concern.kind) {
      case 'switch':
        return t(concern.pending ? 'switch_pending' : `switch_${concern.mode}_text`);
      case 'gateway':
        return concern.reason === null ? t('gateway_text') : reason(concern.reason);
      case 'unknown':
        return t('unknown_text', { trader: concern.trader });
      case 'halted':
        return reason(concern.reason);
      case 'alert':
        return concern.alert.count > 1 ? t('times', { count: concern.alert.count }) : null;
      case 'runs':
        return null;
    }
  })();
  return text === null ? null : <span className="block text-xs text-ink-2">{text}</span>;
}

function Acknowledge({ scope, id }: { readonly scope: string; readonly id: number }) {
  const t = useTranslations('desk.attention');
  const client = useQueryClient();
  const problemText = useProblemText();
  const may = useMay('orders.control');
  const [busy, setBusy] = useState(false);
  if (!may) return null;
  const act = async () => {
    setBusy(true);
    try {
      await acknowledge(scope, id);
      await client.invalidateQueries({ queryKey: [scope, 'alerts'] });
    } catch (problem) {
      toast.error(problemText(problem));
      setBusy(false);
    }
  };
  return (
    <Button
      size="icon-sm"
      variant="ghost"
      busy={busy}
      aria-label={t('acknowledge')}
      onClick={() => void act()}
    >
      <Check aria-hidden />
    </Button>
  );
}
