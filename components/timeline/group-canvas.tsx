'use client';

import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MouseEvent, RefObject } from 'react';
import { drawScene } from './draw.ts';
import type { Scene } from './draw.ts';

interface GroupCanvasProps extends Omit<Scene, 'focus'> {
  /** Place of its first row among all rows, for the pointer. */
  readonly first: number;
  /** Row under the pointer or chosen, counted here; null: none of these. */
  readonly focusRow: number | null;
  readonly onPress: (event: MouseEvent) => void;
  readonly focusItem: NonNullable<Scene['focus']>['item'];
}

/** Some rows of bars; redrawn only when what it shows has changed. */
export const GroupCanvas = memo(function GroupCanvas({
  first,
  focusRow,
  focusItem,
  onPress,
  ...scene
}: GroupCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const near = useNear(canvas);
  useLayoutEffect(() => {
    if (canvas.current === null || !near) return;
    const focus = focusRow === null ? null : { row: focusRow, item: focusItem };
    drawScene(canvas.current, { ...scene, focus });
  });
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the chart around it has the keys.
    <canvas
      ref={canvas}
      aria-hidden
      data-plot
      onClick={onPress}
      data-first={first}
      className="absolute inset-y-0 right-0 block touch-pan-y"
      style={{ width: scene.scale.width, height: scene.rows.length * scene.look.height }}
    />
  );
});

/** Whether the element is in the window or soon will be: what is far away need not be drawn. */
function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting === true), {
      rootMargin: '400px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return near;
}
