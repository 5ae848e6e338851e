import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import { edgeId, useEdgeLabel, useEdgeSentence } from '#components/dependencies/edge-words.tsx';
import { nodeHeight, nodeWidth, place } from '#components/dependencies/layout.ts';
import { standingOf, useStandingWord } from '#components/dependencies/standing.tsx';
import type { JobEdgeType, Tone } from '#components/dependencies/canvas/job-edge.tsx';
import type { JobNodeType } from '#components/dependencies/canvas/job-node.tsx';
import type { CanvasProps } from '#components/dependencies/canvas/canvas.tsx';

/** Room for a label at 11 px: Korean letters are twice as wide as the others. */
function labelWidth(text: string): number {
  return Array.from(text).reduce((width, letter) => width + (letter >= '\u1100' ? 11 : 6), 10);
}

function toneOf(id: string, { marks, focus }: CanvasProps, edge: Edge): Tone {
  if (focus !== null && (edge.upstream === focus || edge.downstream === focus)) return 'chosen';
  if (marks.blocked.has(id)) return 'blocked';
  return marks.critical.has(id) ? 'critical' : 'plain';
}

/** Jobs and edges as React Flow draws them, placed. */
export function useElements(props: CanvasProps) {
  const { graph, today, editing, focus, marks, chosenEdge } = props;
  const t = useTranslations('dependencies.canvas');
  const label = useEdgeLabel();
  const sentence = useEdgeSentence();
  const word = useStandingWord();
  // Live updates bring new objects of the same shape: jobs are placed anew only when who depends on whom changes.
  const shape = JSON.stringify([
    graph.jobs.map((job) => job.job_id),
    graph.edges.map((edge) => [edge.upstream, edge.downstream, label(edge)]),
  ]);
  const placed = useMemo(
    () =>
      place(
        graph.jobs.map((job) => job.job_id),
        graph.edges,
        (edge) => labelWidth(label(edge)),
      ),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for the jobs, the edges and their labels
    [shape],
  );
  const nodes = graph.jobs.map((job): JobNodeType => ({
    id: job.job_id,
    type: 'job',
    position: placed.nodes.get(job.job_id) ?? { x: 0, y: 0 },
    width: nodeWidth,
    height: nodeHeight,
    deletable: false,
    className:
      'rounded-md focus-visible:outline-2! focus-visible:outline-offset-2! focus-visible:outline-accent! focus-visible:outline-solid!',
    ariaLabel: t('job', { job: job.job_id, state: word(standingOf(job)) }),
    data: {
      job,
      today,
      editing,
      focused: focus === job.job_id,
      cause: marks.causes.has(job.job_id),
      critical: marks.criticalJobs.has(job.job_id),
    },
  }));
  const edges = graph.edges.map((edge): JobEdgeType => {
    const id = edgeId(edge);
    return {
      id,
      type: 'job',
      source: edge.upstream,
      target: edge.downstream,
      selected: chosenEdge === id,
      deletable: editing,
      className: 'focus-visible:outline-none! [&:focus-visible_path]:stroke-accent!',
      ariaLabel: sentence(edge),
      data: {
        edge,
        label: label(edge),
        tone: toneOf(id, props, edge),
        bends: placed.bends.get(id) ?? [],
        labelAt: placed.labels.get(id) ?? null,
      },
    };
  });
  return { nodes, edges, placed };
}
