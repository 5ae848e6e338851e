'use client';

import { useTranslations } from 'use-intl';
import type { SymbolState } from '#domain/locks/symbol.ts';
import { symbolTtlSec } from '#domain/locks/symbol.ts';
import type { Verdict } from '#domain/locks/verdict.ts';
import { cn } from '#components/ui/cn.ts';
import { useNow } from '#components/ui/clock.ts';
import { useDurationText } from '#components/ui/time.tsx';

interface Look {
  readonly colour: string;
  readonly shape: string;
}

/** Filled is held, a ring is free, half is held by one side only; what needs a person is a triangle. */
const verdicts: Record<Verdict, Look> = {
  free: { colour: 'text-ink-3', shape: '○' },
  held: { colour: 'text-running', shape: '●' },
  row_only: { colour: 'text-running', shape: '◐' },
  advisory_only: { colour: 'text-warning', shape: '◑' },
  disagree: { colour: 'text-danger', shape: '▲' },
};
const symbols: Record<SymbolState, Look> = {
  free: { colour: 'text-ink-3', shape: '○' },
  held: { colour: 'text-running', shape: '●' },
  overdue: { colour: 'text-danger', shape: '▲' },
  expired: { colour: 'text-warning', shape: '◌' },
  reconcile: { colour: 'text-warning', shape: '◇' },
};

function Mark({ look, children }: { readonly look: Look; readonly children: string }) {
  return (
    <span className={cn('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', look.colour)}>
      <span aria-hidden className="w-3 text-center text-xs">
        {look.shape}
      </span>
      {children}
    </span>
  );
}

/** What a lock's row and PostgreSQL say together: shape, colour and words. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const t = useTranslations('locks.verdict');
  return <Mark look={verdicts[verdict]}>{t(verdict)}</Mark>;
}

/** Who a symbol belongs to just now. */
export function SymbolMark({ state }: { readonly state: SymbolState }) {
  const t = useTranslations('locks.state');
  return <Mark look={symbols[state]}>{t(state)}</Mark>;
}

interface CountdownProps {
  readonly until: string;
  /** The whole of the bar. */
  readonly ofSec: number;
  /** How far the browser's clock is ahead of the database's. */
  readonly skewMs: number;
  readonly label: string;
  /** Said once the time is over. */
  readonly over: (text: string) => string;
  readonly tone?: 'calm' | 'danger' | 'warning';
}

const inks = { calm: 'text-ink-2', danger: 'text-danger', warning: 'text-warning' };

/** The time that is left, as a thin bar and a figure that ticks. */
export function Countdown({ until, ofSec, skewMs, label, over, tone = 'calm' }: CountdownProps) {
  const now = useNow();
  const text = useDurationText();
  if (now === null) return <span className="text-ink-3">–</span>;
  const left = Math.round((Date.parse(until) + skewMs - now.getTime()) / 1_000);
  const share = Math.min(1, Math.max(0, left / ofSec));
  return (
    <span className="inline-flex items-center gap-2">
      <span
        aria-hidden
        hidden={left <= 0}
        className="h-1 w-16 shrink-0 overflow-hidden rounded-full bg-hover"
      >
        <span className="block h-full rounded-full bg-running" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="sr-only">{label}</span>
      <span className={cn('text-xs whitespace-nowrap tabular-nums', left > 0 ? 'text-ink-2' : inks[tone])}>
        {left > 0 ? text(left * 1_000) : over(text(-left * 1_000))}
      </span>
    </span>
  );
}

/** A symbol's 60 s. */
export function TtlBar(props: Omit<CountdownProps, 'ofSec'>) {
  return <Countdown {...props} ofSec={symbolTtlSec} />;
}
