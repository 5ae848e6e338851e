'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MouseEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { Bar, JobRow, Mark, Outcome, RowGroup } from '#domain/timeline/rows.ts';
import { type Breaks, type Span, makeScale, ticksOf } from '#domain/timeline/scale.ts';
import { runHref } from '#components/runs/run-words.tsx';
import { cn } from '#components/ui/cn.ts';
import { Axis, axisHeight } from './axis.tsx';
import { Card, cardPlace, isBar } from './card.tsx';
import { useColours } from './colours.ts';
import { type ShownPhase, itemAt } from './draw.ts';
import { looks, namesWidth, usePhone, useWidth } from './geometry.ts';
import { GroupCanvas } from './group-canvas.tsx';
import { useChartKeys } from './keys.ts';
import { Names } from './names.tsx';
import { usePointer } from './pointer.ts';
import { zoneOffset } from './url.ts';
import type { MovingView } from './use-view.ts';

interface ChartProps {
  readonly scope: string;
  readonly groups: readonly RowGroup[];
  readonly moving: MovingView;
  /** Where `0` leads back to. */
  readonly home: Span;
  readonly breaks: Breaks;
  readonly phases: readonly ShownPhase[];
  readonly now: number | null;
  readonly outcome: Outcome | null;
}

/** A row and what of it is looked at; `x`, `y`: where in the window its card stands. */
export interface Focus {
  readonly row: number;
  readonly item: Bar | Mark | null;
  readonly x: number;
  readonly y: number;
  /** Chosen by keys or touch rather than under the pointer: its card stays. */
  readonly pinned: boolean;
}

/** Rows of one canvas at most: browsers bound a canvas's height, and canvases out of sight are not drawn. */
const rowsPerCanvas = 10;
/** Pixels between labels of the axis. */
const ticksApart = 68;

// The server does not know the width: the place that names and rows take is left to the style sheet.
const plotStyle = `relative select-none [--lane:24px] [--names:216px] max-md:[--lane:52px]`;

interface Chunk extends RowGroup {
  readonly first: number;
  /** It begins its group and carries the heading. */
  readonly heads: boolean;
  readonly size: number;
}

function chunksOf(groups: readonly RowGroup[]): Chunk[] {
  const chunks: Chunk[] = [];
  let first = 0;
  for (const { name, rows } of groups) {
    for (let at = 0; at < rows.length; at += rowsPerCanvas) {
      const part = rows.slice(at, at + rowsPerCanvas);
      chunks.push({ name, rows: part, first: first + at, heads: at === 0, size: rows.length });
    }
    first += rows.length;
  }
  return chunks;
}

/** The Gantt: names on the left, bars on canvases, one axis above them. */
export function Chart({ scope, groups, moving, home, breaks, phases, now, outcome }: ChartProps) {
  const t = useTranslations('timeline');
  const router = useRouter();
  const plot = useRef<HTMLDivElement>(null);
  const colours = useColours(plot);
  const phone = usePhone();
  const look = phone ? looks.phone : looks.desk;
  const inset = phone ? 0 : namesWidth;
  const width = Math.max(0, useWidth(plot) - inset);
  const scale = useMemo(() => makeScale(breaks, moving.view, width), [breaks, moving.view, width]);
  const { ticks, stepMs } = useMemo(() => ticksOf(scale, ticksApart, zoneOffset), [scale]);
  const chunks = useMemo(() => chunksOf(groups), [groups]);
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const [focus, setFocus] = useState<Focus | null>(null);
  const at = now ?? moving.view.from;

  const find = useCallback(
    (event: MouseEvent, touch: boolean): Focus | null => {
      const canvas = event.target instanceof HTMLCanvasElement ? event.target : null;
      if (canvas === null) return null;
      const box = canvas.getBoundingClientRect();
      const row = Number(canvas.dataset['first']) + Math.floor((event.clientY - box.top) / look.height);
      const found = rows[row];
      if (found === undefined) return null;
      const item = itemAt(found, event.clientX - box.left, scale, at, touch ? 24 : 6);
      return { row, item, x: event.clientX, y: event.clientY, pinned: touch };
    },
    [rows, scale, at, look.height],
  );
  const open = (item: Bar | Mark | null) => {
    if (item !== null && isBar(item)) router.push(runHref(scope, item.run.run_id));
  };
  const { selection, pointerType, handlers } = usePointer({
    plot,
    scale,
    breaks,
    moving,
    inset,
    onHover: (event) => setFocus(event === null ? null : find(event, false)),
  });
  const press = (event: MouseEvent) => {
    const touch = pointerType.current !== 'mouse';
    const found = find(event, touch);
    if (touch) setFocus(found?.item == null ? null : found);
    else open(found?.item ?? null);
  };
  const latestPress = useRef(press);
  useEffect(() => {
    latestPress.current = press;
  });
  // One function for good: canvases redraw when what they are given changes.
  const onPress = useCallback((event: MouseEvent) => latestPress.current(event), []);
  const keys = useChartKeys({
    plot,
    rows,
    scale,
    breaks,
    moving,
    home,
    now: at,
    look,
    outcome,
    focus,
    setFocus,
    open,
  });
  const focused = focus === null ? undefined : rows[focus.row];
  const said = useSaid(focus, focused);
  const nowX = now === null ? -1 : scale.x(now);

  return (
    <div className="relative">
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- a chart
          that is panned, zoomed and gone through by keys. */}
      <div
        ref={plot}
        role="application"
        aria-label={t('chart_label')}
        aria-describedby="timeline-keys"
        tabIndex={0}
        className={cn(plotStyle, selection === null ? 'cursor-default' : 'cursor-col-resize')}
        onKeyDown={keys.onKeyDown}
        onBlur={keys.onBlur}
        {...handlers}
      >
        <div
          data-plot
          className="sticky top-(--top) z-20 border-b border-border bg-canvas md:pl-(--names)"
          style={{ height: axisHeight }}
        >
          {width > 0 ? <Axis scale={scale} ticks={ticks} stepMs={stepMs} phases={phases} now={now} /> : null}
        </div>
        {chunks.map((chunk) => (
          <section key={`${chunk.name ?? ''} ${chunk.first}`}>
            {chunk.heads && chunk.name !== undefined ? <GroupHead chunk={chunk} /> : null}
            <div className="relative" style={{ height: `calc(var(--lane) * ${chunk.rows.length})` }}>
              {colours !== null && width > 0 ? (
                <GroupCanvas
                  rows={chunk.rows}
                  first={chunk.first}
                  onPress={onPress}
                  scale={scale}
                  ticks={ticks}
                  phases={phases}
                  look={look}
                  colours={colours}
                  now={at}
                  outcome={outcome}
                  focusRow={ofChunk(focus, chunk)}
                  focusItem={ofChunk(focus, chunk) === null ? null : (focus?.item ?? null)}
                />
              ) : null}
              <Names scope={scope} rows={chunk.rows} />
            </div>
          </section>
        ))}
        {nowX >= 0 && nowX <= scale.width ? (
          <div
            aria-hidden
            className="pointer-events-none absolute bottom-0 w-px bg-accent"
            style={{ left: inset + nowX, top: axisHeight }}
          />
        ) : null}
        {selection === null ? null : (
          <div
            aria-hidden
            className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/10"
            style={{ left: inset + selection.x0, width: selection.x1 - selection.x0 }}
          />
        )}
      </div>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {focus === null || focused === undefined || focus.item === null ? null : (
        <div
          className={cn(
            'fixed z-40',
            focus.pinned
              ? 'max-md:inset-x-0 max-md:top-auto! max-md:bottom-0! max-md:left-0!'
              : 'pointer-events-none',
          )}
          style={cardPlace(focus.x, focus.y)}
        >
          <Card
            scope={scope}
            row={focused}
            item={focus.item}
            now={at}
            {...(focus.pinned ? { onClose: () => setFocus(null) } : {})}
          />
        </div>
      )}
    </div>
  );
}

function ofChunk(focus: Focus | null, chunk: Chunk): number | null {
  const row = focus === null ? -1 : focus.row - chunk.first;
  return row >= 0 && row < chunk.rows.length ? row : null;
}

/** A group's name with how many jobs it has. */
function GroupHead({ chunk }: { readonly chunk: Chunk }) {
  const t = useTranslations('timeline');
  return (
    <h2 className="flex h-7 items-center gap-2 border-y border-hairline bg-sunken px-2 text-2xs font-semibold text-ink-2">
      {chunk.name ?? t('no_group')}
      <span className="font-normal text-ink-3">{t('jobs_count', { count: chunk.size })}</span>
    </h2>
  );
}

/** What a screen reader hears of what keys have chosen. */
function useSaid(focus: Focus | null, row: JobRow | undefined): string {
  const t = useTranslations('timeline');
  const status = useTranslations('status');
  if (focus === null || row === undefined || !focus.pinned) return '';
  if (focus.item === null) return t('said_row', { job: row.job.job_id, count: row.bars.length });
  const iso = new Date(isBar(focus.item) ? focus.item.scheduled : focus.item.from);
  const time = new Date(iso.getTime() + zoneOffset).toISOString().slice(11, 19);
  const what = isBar(focus.item) ? status(focus.item.outcome) : t('card.planned');
  return t('said', { job: row.job.job_id, status: what, time });
}
