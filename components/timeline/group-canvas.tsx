'use client';

import { memo, useLayoutEffect, useRef } from 'react';
import { drawScene } from './draw.ts';
import type { Scene } from './draw.ts';

interface GroupCanvasProps extends Omit<Scene, 'focus'> {
  /** Place of its first row among all rows, for the pointer. */
  readonly first: number;
  /** Row under the pointer or chosen, counted here; null: none of these. */
  readonly focusRow: number | null;
  readonly focusItem: NonNullable<Scene['focus']>['item'];
}

/** Some rows of bars; redrawn only when what it shows has changed. */
export const GroupCanvas = memo(function GroupCanvas({
  first,
  focusRow,
  focusItem,
  ...scene
}: GroupCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const focus = focusRow === null ? null : { row: focusRow, item: focusItem };
    drawScene(canvas.current, { ...scene, focus });
  });
  return (
    <canvas
      ref={canvas}
      aria-hidden
      data-plot
      data-first={first}
      className="absolute inset-y-0 right-0 block touch-pan-y"
      style={{ width: scene.scale.width, height: scene.rows.length * scene.look.height }}
    />
  );
});
