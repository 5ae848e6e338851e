'use client';

import { BaseEdge, EdgeLabelRenderer, type Edge as FlowEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { Edge } from '#domain/dependencies/edge.ts';
import { cn } from '#components/ui/cn.ts';
import { smoothPath, type Point } from '#components/dependencies/layout.ts';

export type Tone = 'plain' | 'blocked' | 'critical' | 'chosen';
export type JobEdgeType = FlowEdge<
  {
    readonly edge: Edge;
    readonly label: string;
    readonly tone: Tone;
    readonly bends: readonly Point[];
    readonly labelAt: Point | null;
  },
  'job'
>;

const strokes: Record<Tone, string> = {
  plain: 'var(--control-border)',
  blocked: 'var(--danger)',
  critical: 'var(--accent)',
  chosen: 'var(--accent)',
};
const texts: Record<Tone, string> = {
  plain: 'text-ink-2',
  blocked: 'text-danger',
  critical: 'text-accent',
  chosen: 'text-accent',
};
const tones: readonly Tone[] = ['plain', 'blocked', 'critical', 'chosen'];

/** Solid with a bar: waits. Dashed with an arrow: starts. Thick with both: does both. */
export function lineOf(kind: Edge['kind']): { readonly dash?: string; readonly width: number } {
  if (kind === 'trigger') return { dash: '6 4', width: 1.5 };
  return { width: kind === 'both' ? 3 : 1.5 };
}

/** An edge of the graph, drawn by its kind. */
export const JobEdge = memo(function JobEdge(props: EdgeProps<JobEdgeType>) {
  const { id, sourceX, sourceY, targetX, targetY, data, selected } = props;
  if (data === undefined) return null;
  const tone = selected === true ? 'chosen' : data.tone;
  const { dash, width } = lineOf(data.edge.kind);
  // The end marker is drawn before the job's border, not under it.
  const path = smoothPath([{ x: sourceX, y: sourceY }, ...data.bends, { x: targetX - 3, y: targetY }]);
  const at = data.labelAt ?? { x: (sourceX + targetX) / 2, y: (sourceY + targetY) / 2 };
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        markerEnd={`url(#dependency-${data.edge.kind}-${tone})`}
        interactionWidth={20}
        style={{
          stroke: strokes[tone],
          strokeWidth: tone === 'plain' ? width : width + 0.75,
          ...(dash === undefined ? {} : { strokeDasharray: dash }),
        }}
      />
      <EdgeLabelRenderer>
        <div
          aria-hidden
          style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
          className={cn(
            'pointer-events-none absolute rounded-sm bg-canvas px-1 text-2xs font-medium whitespace-nowrap',
            texts[tone],
          )}
        >
          {data.label}
        </div>
      </EdgeLabelRenderer>
    </>
  );
});

/** The ends of edges: a bar where the downstream waits, an arrow where it is started. */
export function EdgeMarkers() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        {tones.flatMap((tone) =>
          (['gate', 'trigger', 'both'] as const).map((kind) => (
            <marker
              key={`${kind}-${tone}`}
              id={`dependency-${kind}-${tone}`}
              viewBox="0 0 12 12"
              refX="11"
              refY="6"
              markerWidth="12"
              markerHeight="12"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              {kind === 'gate' ? null : <path d="M3 2 10 6 3 10z" fill={strokes[tone]} />}
              {kind === 'trigger' ? null : (
                <path d="M11 1v10" stroke={strokes[tone]} strokeWidth="2" fill="none" />
              )}
            </marker>
          )),
        )}
      </defs>
    </svg>
  );
}
