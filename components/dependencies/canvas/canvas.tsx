'use client';

/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-tabindex,
   jsx-a11y/no-noninteractive-element-interactions -- a picture that is moved by keys as by the mouse */

import '@xyflow/react/dist/base.css';
import { MiniMap, ReactFlow, ReactFlowProvider, type Connection } from '@xyflow/react';
import { useTranslations } from 'use-intl';
import { cycleOf } from '#domain/dependencies/cycle.ts';
import type { Edge } from '#domain/dependencies/edge.ts';
import type { Link } from '#domain/dependencies/paths.ts';
import { DrawingCycle } from '#components/dependencies/canvas/drawing-cycle.tsx';
import { EdgeMarkers, JobEdge } from '#components/dependencies/canvas/job-edge.tsx';
import { JobNode } from '#components/dependencies/canvas/job-node.tsx';
import { Legend } from '#components/dependencies/canvas/legend.tsx';
import { useElements } from '#components/dependencies/canvas/elements.ts';
import { useGraphKeys } from '#components/dependencies/canvas/graph-keys.ts';
import { useViewport } from '#components/dependencies/canvas/use-viewport.ts';
import { ZoomButtons } from '#components/dependencies/canvas/zoom-buttons.tsx';
import type { ShownGraph } from '#components/dependencies/model.ts';

/** What is drawn so that it stands out. */
export interface Marks {
  readonly causes: ReadonlySet<string>;
  readonly blocked: ReadonlySet<string>;
  readonly criticalJobs: ReadonlySet<string>;
  readonly critical: ReadonlySet<string>;
}

export interface CanvasProps {
  readonly graph: ShownGraph;
  /** Every edge of the scope, drawn or not: what may not become a cycle. */
  readonly allEdges: readonly Edge[];
  readonly today: boolean;
  readonly editing: boolean;
  readonly marks: Marks;
  readonly focus: string | null;
  readonly onFocus: (job: string | null) => void;
  readonly chosenEdge: string | null;
  readonly onChooseEdge: (id: string | null) => void;
  /** Two handles were joined; an edge that closes a cycle is refused by the caller, with its path. */
  readonly onJoin: (link: Link) => void;
  readonly onDelete: (ids: readonly string[]) => void;
}

const nodeTypes = { job: JobNode };
const edgeTypes = { job: JobEdge };
/** With more jobs than this the whole is not readable at once, and a small map helps. */
const mapFrom = 30;

/** The graph as a picture that is moved, zoomed and, while editing, drawn on. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

const linkOf = ({ source, target }: Connection | { source: string; target: string }): Link => ({
  upstream: source,
  downstream: target,
});

function Flow(props: CanvasProps) {
  const { graph, allEdges, editing, focus, onFocus, onChooseEdge, onJoin, onDelete } = props;
  const t = useTranslations('dependencies.canvas');
  const { nodes, edges, placed } = useElements(props);
  const view = useViewport(props, placed);
  const onKeyDown = useGraphKeys(props, placed, view);
  return (
    <div
      role="group"
      aria-label={t('label')}
      aria-describedby="graph-keys"
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="relative h-full ring-inset-focus"
    >
      <p id="graph-keys" className="sr-only">
        {t(editing ? 'keys_editing' : 'keys')}
      </p>
      <EdgeMarkers />
      <ReactFlow
        className="[--xy-attribution-background-color:transparent] [&_.react-flow\_\_attribution_a]:text-ink-3!"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={view.start}
        minZoom={0.15}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={editing}
        connectOnClick={false}
        elementsSelectable
        edgesFocusable
        nodesFocusable
        disableKeyboardA11y
        deleteKeyCode={editing ? ['Delete', 'Backspace'] : null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        zoomActivationKeyCode={['Control', 'Meta']}
        zoomOnScroll={false}
        panOnScroll
        preventScrolling
        isValidConnection={(connection) => cycleOf(allEdges, linkOf(connection)) === null}
        onConnectEnd={(_, state) => {
          if (state.fromNode !== null && state.toNode !== null && state.fromHandle !== null)
            onJoin(
              state.fromHandle.type === 'source'
                ? { upstream: state.fromNode.id, downstream: state.toNode.id }
                : { upstream: state.toNode.id, downstream: state.fromNode.id },
            );
        }}
        onNodeClick={(_, node) => {
          onChooseEdge(null);
          onFocus(node.id === focus ? null : node.id);
        }}
        onEdgeClick={(_, edge) => onChooseEdge(edge.id)}
        onPaneClick={() => {
          onChooseEdge(null);
          onFocus(null);
        }}
        onEdgesDelete={(gone) => onDelete(gone.map((edge) => edge.id))}
        ariaLabelConfig={{
          'node.a11yDescription.default': t('job_hint'),
          'edge.a11yDescription.default': t('edge_hint'),
          'minimap.ariaLabel': t('map'),
        }}
      >
        {graph.jobs.length > mapFrom ? (
          <MiniMap
            pannable
            ariaLabel={t('map')}
            nodeColor="var(--border)"
            maskColor="color-mix(in oklch, var(--sunken) 70%, transparent)"
            bgColor="var(--surface)"
            className="m-2! overflow-hidden rounded-md border border-hairline max-lg:hidden"
          />
        ) : null}
      </ReactFlow>
      {editing ? <DrawingCycle edges={allEdges} /> : null}
      <ZoomButtons view={view} />
      <Legend />
    </div>
  );
}
