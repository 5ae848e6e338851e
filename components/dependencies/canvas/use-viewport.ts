import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { nodeHeight, nodeWidth, type Placed } from '#components/dependencies/layout.ts';
import type { CanvasProps } from '#components/dependencies/canvas/canvas.tsx';

/** Below this the names of jobs cannot be read. */
const readable = 0.55;
const step = 120;

export interface Viewport {
  readonly start: () => void;
  readonly fit: () => void;
  readonly zoom: (by: 'in' | 'out') => void;
  readonly pan: (dx: number, dy: number) => void;
  readonly show: (job: string) => void;
}

const motion = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 140);

/** What moves the picture: buttons, keys, and a job that is looked for. */
export function useViewport({ graph, focus, marks }: CanvasProps, placed: Placed): Viewport {
  const flow = useReactFlow();
  const show = (job: string) => {
    const at = placed.nodes.get(job);
    if (at !== undefined)
      void flow.setCenter(at.x + nodeWidth / 2, at.y + nodeHeight / 2, {
        zoom: Math.max(flow.getZoom(), 0.85),
        duration: motion(),
      });
  };
  const fit = () => void flow.fitView({ padding: 0.06, maxZoom: 1, duration: motion() });
  /** The whole if it can be read, else the part that matters most. */
  const start = () => {
    void (async () => {
      await flow.fitView({ padding: 0.06, maxZoom: 1 });
      const first = focus ?? [...marks.causes][0] ?? graph.around ?? graph.jobs[0]?.job_id;
      if (flow.getZoom() < readable && first !== undefined) show(first);
    })();
  };

  // A picture of other jobs, or more or fewer of them, begins anew.
  const drawn = graph.jobs.map((job) => job.job_id).join(' ');
  const before = useRef(drawn);
  useEffect(() => {
    if (before.current === drawn) return;
    before.current = drawn;
    start();
  });
  // A job looked at from outside the picture comes into view; one that was clicked is there already.
  const shown = useRef(focus);
  useEffect(() => {
    if (shown.current === focus) return;
    shown.current = focus;
    const at = focus === null ? undefined : placed.nodes.get(focus);
    if (at === undefined || focus === null) return;
    const corner = flow.flowToScreenPosition({ x: at.x, y: at.y });
    const box = document.querySelector('.react-flow')?.getBoundingClientRect();
    const inside =
      box !== undefined &&
      corner.x > box.left &&
      corner.y > box.top &&
      corner.x + nodeWidth * flow.getZoom() < box.right &&
      corner.y + nodeHeight * flow.getZoom() < box.bottom;
    if (!inside || flow.getZoom() < readable) show(focus);
  });

  return {
    start,
    fit,
    show,
    zoom: (by) => void (by === 'in' ? flow.zoomIn : flow.zoomOut)({ duration: motion() }),
    pan: (dx, dy) => {
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x - dx * step, y: y - dy * step, zoom }, { duration: motion() });
    },
  };
}
