'use client';

import { memo, useLayoutEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
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
  useLayoutEffect(() => {
    if (canvas.current === null) return;
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
