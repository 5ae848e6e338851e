'use client';

/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/prefer-tag-over-role --
   A region that scrolls must be reachable from the keyboard, and answers its keys. */

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { useShortcut } from '#components/shell/shortcuts.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { toast } from '#components/ui/toast.tsx';
import { LogAnnouncer } from '#components/runs/log/log-announcer.tsx';
import { type LogSnapshot, rowOfLine } from '#components/runs/log/log-buffer.ts';
import { AttemptSeparator, LogLineRow } from '#components/runs/log/log-line.tsx';
import { LogToolbar } from '#components/runs/log/log-toolbar.tsx';
import { useFollow } from '#components/runs/log/use-follow.ts';
import { useLineRange } from '#components/runs/log/use-line-range.ts';
import { useLogSearch } from '#components/runs/log/use-log-search.ts';

const linePx = 20;
const separatorPx = 28;

interface LogViewProps {
  readonly log: LogSnapshot;
  /** Zone of the job: times are written on its wall. */
  readonly zone: string;
  /** Fetches the whole log as text and saves it. */
  readonly onDownload: () => Promise<void>;
}

/** A run's log: live, searchable, each line a link. Only the lines in view are drawn. */
export function LogView({ log, zone, onDownload }: LogViewProps) {
  const t = useTranslations('runs.log');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const { rows, phase } = log;
  const box = useRef<HTMLDivElement>(null);
  const [wrap, setWrap] = useState(false);
  const [time, setTime] = useState(false);
  const [downloading, setDownloading] = useState(false);
  const lines = useLineRange();
  const { following, unseen, send } = useFollow(box, log.lines);

  // oxlint-disable-next-line react/incompatible-library -- it must redraw when it says so; nothing here is memoised on it.
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (rows[index]?.kind === 'attempt' ? separatorPx : linePx),
    getItemKey: (index) => `${rows[index]?.kind}${rows[index]?.seq}`,
    overscan: 30,
    paddingEnd: 6,
  });
  const items = virtual.getVirtualItems();
  const search = useLogSearch(log, () => rows[virtual.range?.startIndex ?? 0]?.seq ?? null);

  const goTo = useCallback(
    (seq: number) => {
      send({ kind: 'went_to_line' });
      const index = rowOfLine(rows, seq);
      if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
    },
    [rows, send, virtual],
  );
  const step = (by: 1 | -1) => {
    const seq = search.step(by);
    if (seq !== null) goTo(seq);
  };

  // Lines that wrap grow once they are measured. Not after every drawing: that would undo the reader's own scroll.
  const height = virtual.getTotalSize();
  useLayoutEffect(() => {
    if (following && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [following, height, log.version]);

  // A link leads to its line as soon as that has come, once.
  const { linked, arrived } = lines;
  useEffect(() => {
    if (linked === null || log.lastSeq < linked) return;
    goTo(linked);
    arrived();
  }, [log.lastSeq, linked, arrived, goTo]);

  useEffect(() => virtual.measure(), [wrap, virtual]);

  useShortcut('f', () => send({ kind: 'toggle' }), { label: t('follow') });
  useShortcut('w', () => setWrap((on) => !on), { label: t('wrap') });
  useShortcut('t', () => setTime((on) => !on), { label: t('time') });
  useShortcut('n', () => step(1), { label: t('next'), enabled: search.query !== '' });
  useShortcut('p', () => step(-1), { label: t('previous'), enabled: search.query !== '' });

  const copy = async () => {
    const { range } = lines;
    const taken = rows.flatMap((row) =>
      row.kind === 'line' && (range === null || (row.seq >= range.from && row.seq <= range.to))
        ? [row.plain]
        : [],
    );
    try {
      await navigator.clipboard.writeText(taken.join('\n'));
      toast.success(t('copied', { count: taken.length }));
    } catch {
      toast.error(common('copy_failed'));
    }
  };

  const download = async () => {
    setDownloading(true);
    await onDownload().catch((error: unknown) => toast.error(problemText(error)));
    setDownloading(false);
  };

  const look = { wrap, time, zone, digits: Math.max(3, String(log.lastSeq).length) };
  // Number, time, mark and text, in columns of the font.
  const width = wrap
    ? '100%'
    : `calc(${look.digits + (time ? 8 : 0) + 3 + log.columns}ch + ${time ? 5 : 4}rem)`;
  const still = phase === 'ended' && rows.length < 24;
  return (
    <div className="relative flex min-w-0 flex-col overflow-hidden rounded-lg border border-hairline bg-surface">
      <LogToolbar
        phase={phase}
        lines={log.lines}
        search={search}
        onStep={step}
        following={following}
        onFollow={() => send({ kind: 'toggle' })}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        time={time}
        onTime={() => setTime(!time)}
        selectedLines={lines.range !== null}
        onCopy={() => void copy()}
        downloading={downloading}
        onDownload={() => void download()}
      />
      {log.dropped > 0 ? (
        <p className="border-b border-hairline px-3 py-1 text-xs text-ink-3">
          {t('dropped', { count: log.dropped })}
        </p>
      ) : null}
      <div
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={t('label')}
        onKeyDown={(event) => {
          if (event.key === 'N' && search.query !== '') step(-1);
          if (event.key === 'Escape') lines.clear();
        }}
        className={cn(
          '@container ring-inset-focus overflow-auto overscroll-x-contain bg-sunken font-mono text-xs leading-5 [scrollbar-gutter:stable]',
          still ? 'max-h-120' : 'h-[max(22rem,calc(100dvh-29rem))] max-md:h-[62dvh]',
        )}
      >
        {rows.length === 0 ? (
          <LogEmpty phase={phase} />
        ) : (
          <div className="relative min-w-full" style={{ height, width }}>
            <div
              className="absolute inset-x-0 top-0 min-w-full"
              style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
            >
              {items.map((item) => {
                const row = rows[item.index];
                if (row === undefined) return null;
                return (
                  <div key={item.key} data-index={item.index} ref={wrap ? virtual.measureElement : undefined}>
                    {row.kind === 'attempt' ? (
                      <AttemptSeparator row={row} zone={zone} />
                    ) : (
                      <LogLineRow
                        row={row}
                        look={look}
                        query={search.marked}
                        current={row.seq === search.current}
                        selected={
                          lines.range !== null && row.seq >= lines.range.from && row.seq <= lines.range.to
                        }
                        onNumber={lines.onNumber}
                      />
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        )}
      </div>
      {following || rows.length === 0 || still ? null : (
        <div className="absolute right-6 bottom-4">
          <Button
            size="sm"
            className="rounded-full shadow-pop"
            onClick={() => send({ kind: 'jump_to_latest' })}
          >
            <ArrowDown aria-hidden />
            {unseen > 0 && phase !== 'ended' ? t('unseen', { count: unseen }) : t('jump')}
          </Button>
        </div>
      )}
      <LogAnnouncer log={log} />
    </div>
  );
}

function LogEmpty({ phase }: { readonly phase: LogSnapshot['phase'] }) {
  const t = useTranslations('runs.log');
  const kind = phase === 'ended' ? 'empty_ended' : phase === 'open' ? 'empty_waiting' : null;
  return (
    <output className="flex h-full min-h-32 flex-col items-center justify-center gap-0.5 px-4 text-center font-sans text-sm">
      {kind === null ? (
        <p className="text-ink-3">{t('loading')}</p>
      ) : (
        <>
          <p className="font-medium">{t(kind)}</p>
          <p className="text-ink-2">
            {t(kind === 'empty_ended' ? 'empty_ended_text' : 'empty_waiting_text')}
          </p>
        </>
      )}
    </output>
  );
}
