'use client';

import { useEffect, useRef, useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { type Breaks, type Scale, type Span, moveView, shownTime } from '#domain/timeline/scale.ts';
import type { MovingView } from './use-view.ts';

/** Pixels a press may move and still be a click. */
const clickSlack = 4;

interface Press {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** `select`: a stretch of time is marked; `pan`: the view is dragged; `none`: nothing yet. */
  kind: 'none' | 'select' | 'pan';
  last: number;
}

interface PointerOptions {
  readonly plot: RefObject<HTMLElement | null>;
  readonly scale: Scale;
  readonly breaks: Breaks;
  readonly moving: MovingView;
  /** The plot's left edge to where its time begins, in pixels. */
  readonly inset: number;
  readonly onHover: (event: PointerEvent | null) => void;
}

/** A view moved by pixels: time follows the finger. */
function panned(breaks: Breaks, width: number, pixels: number) {
  return (view: Span): Span => {
    const shown = shownTime(breaks, view.to) - shownTime(breaks, view.from);
    return moveView(breaks, view, { by: (-pixels / width) * shown });
  };
}

/**
 * Pointer on the plot: a mouse marks a stretch to zoom into (with Shift it drags the view), a finger drags, two fingers
 * and the wheel with Ctrl zoom around where they are, the wheel sideways moves.
 */
export function usePointer(options: PointerOptions) {
  const { plot, scale, breaks, moving, inset, onHover } = options;
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  /** What pressed last: a click does not say it everywhere. */
  const pointerType = useRef('mouse');
  const presses = useRef(new Map<number, Press>());
  const [selection, setSelection] = useState<{ readonly x0: number; readonly x1: number } | null>(null);
  const xOf = (event: { readonly clientX: number }) =>
    Math.max(
      0,
      Math.min(scale.width, event.clientX - (plot.current?.getBoundingClientRect().left ?? 0) - inset),
    );

  useEffect(() => {
    const element = plot.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      const { scale: now, breaks: gaps, moving: view, inset: left } = latest.current;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const around = now.at(event.clientX - element.getBoundingClientRect().left - left);
        const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 180);
        view.move((span) => moveView(gaps, span, { factor, around }));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        view.move(panned(gaps, now.width, -sideways));
      }
    };
    // React listens passively; a zoom must not also zoom the page.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [plot]);

  const pinch = (event: PointerEvent) => {
    const [a, b] = [...presses.current.values()];
    const moved = presses.current.get(event.pointerId);
    if (a === undefined || b === undefined || moved === undefined) return;
    const before = Math.abs(a.last - b.last);
    moved.last = xOf(event);
    const after = Math.abs(a.last - b.last);
    const around = scale.at((a.last + b.last) / 2);
    if (before > 8 && after > 8)
      moving.move((span) => moveView(breaks, span, { factor: before / after, around }));
  };

  const drag = (press: Press, event: PointerEvent) => {
    const x = xOf(event);
    if (press.kind === 'none' && Math.abs(x - press.x) > clickSlack) {
      press.kind = event.pointerType === 'mouse' && !event.shiftKey ? 'select' : 'pan';
      event.currentTarget.setPointerCapture(event.pointerId);
      onHover(null);
    }
    if (press.kind === 'select') setSelection({ x0: Math.min(press.x, x), x1: Math.max(press.x, x) });
    if (press.kind === 'pan') {
      const pixels = x - press.last;
      moving.move(panned(breaks, scale.width, pixels));
    }
    press.last = x;
  };

  const end = (event: PointerEvent) => {
    const press = presses.current.get(event.pointerId);
    presses.current.delete(event.pointerId);
    setSelection(null);
    return press;
  };

  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest('a, button')))
        return;
      pointerType.current = event.pointerType;
      const x = xOf(event);
      presses.current.set(event.pointerId, {
        id: event.pointerId,
        x,
        y: event.clientY,
        kind: 'none',
        last: x,
      });
    },
    onPointerMove(event: PointerEvent) {
      const press = presses.current.get(event.pointerId);
      if (presses.current.size > 1) pinch(event);
      else if (press !== undefined) drag(press, event);
      else if (event.pointerType === 'mouse') onHover(event);
    },
    onPointerUp(event: PointerEvent) {
      const press = end(event);
      if (press === undefined) return;
      const x = xOf(event);
      if (press.kind === 'select')
        moving.jump({ from: scale.at(Math.min(press.x, x)), to: scale.at(Math.max(press.x, x)) });
    },
    onPointerCancel: end,
    onPointerLeave(event: PointerEvent) {
      if (presses.current.size === 0 && event.pointerType === 'mouse') onHover(null);
    },
  };
  return { selection, pointerType, handlers };
}
