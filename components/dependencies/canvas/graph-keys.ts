import type { KeyboardEvent } from 'react';
import type { Placed } from '#components/dependencies/layout.ts';
import type { CanvasProps } from '#components/dependencies/canvas/canvas.tsx';
import type { Viewport } from '#components/dependencies/canvas/use-viewport.ts';

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest job in a direction; what lies aside counts three times. */
function neighbour(from: string, [dx, dy]: readonly [number, number], { nodes }: Placed): string | null {
  const at = nodes.get(from);
  if (at === undefined) return null;
  const found = [...nodes].flatMap(([id, point]) => {
    const ahead = (point.x - at.x) * dx + (point.y - at.y) * dy;
    const aside = Math.abs((point.x - at.x) * dy) + Math.abs((point.y - at.y) * dx);
    return id === from || ahead <= 0 ? [] : [{ id, cost: ahead + 3 * aside }];
  });
  return found.toSorted((a, b) => a.cost - b.cost)[0]?.id ?? null;
}

/** Arrows move from job to job, or the picture where no job has the focus; +, − and 0 zoom; Enter looks at a job. */
export function useGraphKeys(
  { focus, onFocus, onChooseEdge }: CanvasProps,
  placed: Placed,
  view: Viewport,
): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target === null || event.metaKey || event.ctrlKey || event.altKey) return;
    const node = target.closest('.react-flow__node')?.getAttribute('data-id') ?? null;
    const edge = target.closest('.react-flow__edge')?.getAttribute('data-id') ?? null;
    const act = actOf(event.key);
    if (act === null) return;
    event.preventDefault();
    act();

    function actOf(key: string): (() => void) | null {
      const arrow = arrows[key];
      if (arrow !== undefined && node !== null && !event.shiftKey)
        return () => {
          const next = neighbour(node, arrow, placed);
          if (next === null) return;
          event.currentTarget
            .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)
            ?.focus({ preventScroll: true });
          view.show(next);
        };
      if (arrow !== undefined) return () => view.pan(...arrow);
      if (key === '+' || key === '=') return () => view.zoom('in');
      if (key === '-') return () => view.zoom('out');
      if (key === '0') return view.fit;
      if (key === 'Escape' && focus !== null) return () => onFocus(null);
      if (key !== 'Enter' && key !== ' ') return null;
      if (node !== null) return () => onFocus(node === focus ? null : node);
      return edge === null ? null : () => onChooseEdge(edge);
    }
  };
}
