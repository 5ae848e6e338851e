'use client';

import { memo } from 'react';
import type { MouseEvent } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { formatTime } from '#components/ui/time-format.ts';
import type { AttemptRow, LineRow } from '#components/runs/log/log-buffer.ts';
import { type SgrColour, markSegments, parseSgr } from '#components/runs/log/sgr.ts';

const colours: Record<SgrColour, string> = {
  black: 'text-ink-3',
  red: 'text-danger',
  green: 'text-ok',
  yellow: 'text-warning',
  blue: 'text-running',
  magenta: 'text-quarantined',
  cyan: 'text-accent',
  white: 'text-ink',
};

const marks = { stdout: 'text-ink-3', stderr: 'text-danger font-semibold', system: 'text-accent' } as const;

export interface LineLook {
  readonly wrap: boolean;
  readonly time: boolean;
  readonly zone: string;
  /** Digits of the widest line number. */
  readonly digits: number;
}

interface LogLineProps {
  readonly row: LineRow;
  readonly look: LineLook;
  /** What is searched for; marked where it occurs. */
  readonly query: string;
  /** The match that the reader stands on. */
  readonly current: boolean;
  readonly selected: boolean;
  readonly onNumber: (seq: number, shift: boolean) => void;
}

/** One line: its number as a link, when and where it was written, and its text in the command's colours. */
export const LogLineRow = memo(function LogLineRow({
  row,
  look,
  query,
  current,
  selected,
  onNumber,
}: LogLineProps) {
  const t = useTranslations('runs.log');
  const { line, seq } = row;
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    onNumber(seq, event.shiftKey);
  };
  return (
    <div
      data-seq={seq}
      data-current={current || undefined}
      className={cn(
        'flex min-h-5 border-l-2 border-transparent pr-4 hover:bg-hover',
        line.stream === 'stderr' && 'bg-danger-tint/45 hover:bg-danger-tint',
        selected && 'border-accent bg-selected hover:bg-selected',
        current && 'border-warning bg-warning-tint hover:bg-warning-tint',
      )}
    >
      <a
        href={`#L${seq}`}
        onClick={click}
        aria-label={t('line', { seq })}
        draggable={false}
        className="shrink-0 pr-3 pl-2 text-right text-ink-3 tabular-nums select-none hover:text-accent hover:underline"
        style={{ minWidth: `calc(${look.digits}ch + 1.25rem)` }}
      >
        {seq}
      </a>
      {look.time ? (
        <time dateTime={line.at} title={line.at} className="shrink-0 pr-3 text-ink-3 select-none">
          {formatTime(new Date(line.at), look.zone, 'time')}
        </time>
      ) : null}
      <abbr
        title={t(`${line.stream}_full`)}
        className={cn('w-[3ch] shrink-0 no-underline select-none', marks[line.stream])}
      >
        {line.stream === 'stdout' ? <span className="sr-only">{t('stdout')}</span> : t(line.stream)}
      </abbr>
      <span
        className={cn(
          'min-w-0 flex-1 pl-3',
          look.wrap ? 'break-words [overflow-wrap:anywhere] whitespace-pre-wrap' : 'whitespace-pre',
          line.stream === 'system' && 'text-ink-2 italic',
        )}
      >
        {markSegments(parseSgr(line.line), query).map((part, index) => {
          const style = cn(
            part.colour !== null && colours[part.colour],
            part.bold && 'font-semibold',
            part.dim && 'text-ink-3',
            part.italic && 'italic',
            part.underline && 'underline',
          );
          return part.marked ? (
            <mark
              key={index}
              className={cn(
                'rounded-[2px] bg-warning-tint text-ink shadow-[0_0_0_1px_var(--warning)]',
                style,
              )}
            >
              {part.text}
            </mark>
          ) : (
            <span key={index} className={style || undefined}>
              {part.text}
            </span>
          );
        })}
      </span>
    </div>
  );
});

/** Stands between the lines of two attempts. */
export function AttemptSeparator({ row, zone }: { readonly row: AttemptRow; readonly zone: string }) {
  const t = useTranslations('runs.log');
  return (
    <div className="sticky left-0 flex h-7 w-[min(100%,100cqw)] items-center gap-2 pl-2 font-sans text-2xs text-ink-3 select-none">
      <span className="font-medium text-ink-2">{t('attempt', { attempt: row.attempt })}</span>
      <span>{formatTime(new Date(row.at), zone, 'full')}</span>
      <span aria-hidden className="h-px flex-1 bg-hairline" />
    </div>
  );
}
