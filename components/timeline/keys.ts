'use client';

import type { FocusEvent, KeyboardEvent, RefObject } from 'react';
import type { Bar, JobRow, Mark, Outcome } from '#domain/timeline/rows.ts';
import { type Breaks, type Scale, type Span, moveView, shownTime } from '#domain/timeline/scale.ts';
import { isBar } from './card.tsx';
import type { Focus } from './chart.tsx';
import type { RowLook } from './draw.ts';
import type { MovingView } from './use-view.ts';

interface KeyOptions {
  readonly plot: RefObject<HTMLElement | null>;
  readonly rows: readonly JobRow[];
  readonly scale: Scale;
  readonly breaks: Breaks;
  readonly moving: MovingView;
  readonly home: Span;
  readonly now: number;
  readonly look: RowLook;
  readonly outcome: Outcome | null;
  readonly focus: Focus | null;
  readonly setFocus: (focus: Focus | null) => void;
  readonly open: (item: Bar | Mark | null) => void;
}

const timeOf = (item: Bar | Mark) => (isBar(item) ? (item.start ?? item.queued) : item.from);

/** Live updates replace the objects, not what they are about. */
function isSame(a: Bar | Mark, b: Bar | Mark | null): boolean {
  if (b === null) return false;
  return isBar(a) && isBar(b) ? a.run.run_id === b.run.run_id : !isBar(a) && !isBar(b) && a.from === b.from;
}

/** A row's runs and planned fires in order of time; of the runs, those that a filter of outcomes lets through. */
function itemsOf(row: JobRow, outcome: Outcome | null): (Bar | Mark)[] {
  const bars = row.bars.filter((bar) => outcome === null || bar.outcome === outcome);
  return [...bars, ...(outcome === null ? row.marks : [])].sort((a, b) => timeOf(a) - timeOf(b));
}

/** Where in the window a row's item stands; the row is brought into sight. */
function placeOf(plot: HTMLElement, row: number, x: number, look: RowLook): { x: number; y: number } {
  const canvases = [...plot.querySelectorAll<HTMLCanvasElement>('canvas[data-first]')];
  const canvas = canvases.findLast((candidate) => Number(candidate.dataset['first']) <= row);
  if (canvas === undefined) return { x: 0, y: 0 };
  const top = (row - Number(canvas.dataset['first'])) * look.height;
  let box = canvas.getBoundingClientRect();
  const y = box.top + top;
  if (y < 160 || y > window.innerHeight - 60) {
    window.scrollBy({ top: y - window.innerHeight / 2 });
    box = canvas.getBoundingClientRect();
  }
  return { x: box.left + x, y: box.top + top + look.middle };
}

/**
 * Keys of the chart: arrows left and right move in time, up and down choose a job, `,` and `.` its runs, `+` and `-`
 * zoom, `0` leads back, `n` to now, Enter opens the run, Escape lets go.
 */
export function useChartKeys(options: KeyOptions) {
  const { plot, rows, scale, breaks, moving, home, now, look, outcome, focus, setFocus, open } = options;

  const choose = (row: number, item: Bar | Mark | null) => {
    const element = plot.current;
    if (element === null) return;
    const at = item === null ? (scale.view.from + scale.view.to) / 2 : timeOf(item);
    const { from, to } = moving.view;
    if (at < from || at > to) {
      const length = shownTime(breaks, to) - shownTime(breaks, from);
      moving.move((view) =>
        moveView(breaks, view, { by: shownTime(breaks, at) - shownTime(breaks, view.from) - length / 2 }),
      );
    }
    const x = at < from || at > to ? scale.width / 2 : scale.x(at);
    setFocus({ row, item, ...placeOf(element, row, x, look), pinned: true });
  };
  const toRow = (step: 1 | -1) => {
    const row = Math.max(0, Math.min(rows.length - 1, (focus?.row ?? (step === 1 ? -1 : 1)) + step));
    const found = rows[row];
    if (found === undefined) return;
    const wanted =
      focus?.item === null || focus?.item === undefined
        ? Math.min(now, (scale.view.from + scale.view.to) / 2)
        : timeOf(focus.item);
    const nearest = itemsOf(found, outcome).toSorted(
      (a, b) => Math.abs(timeOf(a) - wanted) - Math.abs(timeOf(b) - wanted),
    )[0];
    choose(row, nearest ?? null);
  };
  const toItem = (step: 1 | -1) => {
    const row = focus === null ? undefined : rows[focus.row];
    if (focus === null || row === undefined) return toRow(1);
    const items = itemsOf(row, outcome);
    const next = items[items.findIndex((item) => isSame(item, focus.item)) + step];
    if (next !== undefined) choose(focus.row, next);
  };
  const pan = (share: number) =>
    moving.move((view) =>
      moveView(breaks, view, { by: share * (shownTime(breaks, view.to) - shownTime(breaks, view.from)) }),
    );
  const around =
    focus?.item === null || focus?.item === undefined
      ? {}
      : { around: Math.max(scale.view.from, Math.min(scale.view.to, timeOf(focus.item))) };
  const zoom = (factor: number) => moving.move((view) => moveView(breaks, view, { factor, ...around }));

  const actions: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowLeft: (event) => pan(event.shiftKey ? -0.8 : -0.1),
    ArrowRight: (event) => pan(event.shiftKey ? 0.8 : 0.1),
    ArrowUp: () => toRow(-1),
    ArrowDown: () => toRow(1),
    ',': () => toItem(-1),
    '.': () => toItem(1),
    '+': () => zoom(0.7),
    '=': () => zoom(0.7),
    '-': () => zoom(1 / 0.7),
    '0': () => moving.jump(home),
    n: () => moving.jump({ from: now - 3_600_000, to: now + 3_600_000 }),
    Enter: () => open(focus?.item ?? null),
    Escape: () => setFocus(null),
  };
  return {
    onKeyDown(event: KeyboardEvent) {
      const own = event.target === event.currentTarget;
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
      if (act === undefined || (!own && event.key === 'Enter')) return;
      event.preventDefault();
      event.stopPropagation();
      act(event);
    },
    onBlur(event: FocusEvent) {
      if (focus?.pinned === true && !event.currentTarget.parentElement?.contains(event.relatedTarget))
        setFocus(null);
    },
  };
}
