import { Graph, layout } from '@dagrejs/dagre';
import type { Link } from '#domain/dependencies/paths.ts';
import { edgeId } from '#components/dependencies/edge-words.tsx';

export const nodeWidth = 220;
export const nodeHeight = 88;
const gap = 48;
/** A row of small groups is at least this wide before the next row begins. */
const rowWidth = 1_300;

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Placed {
  /** Middles of the labels of edges. */
  readonly labels: ReadonlyMap<string, Point>;
  /** Upper left corners. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The bends of an edge between its ends, which keep it clear of other jobs. */
  readonly bends: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** Groups of jobs that are joined by edges, the largest first. */
function groupsOf(ids: readonly string[], edges: readonly Link[]): string[][] {
  const parent = new Map(ids.map((id) => [id, id]));
  const find = (id: string): string => {
    let root = id;
    while (parent.get(root) !== root) root = parent.get(root) ?? root;
    parent.set(id, root);
    return root;
  };
  for (const { upstream, downstream } of edges) parent.set(find(upstream), find(downstream));
  const groups = Map.groupBy(ids, find);
  return [...groups.values()].toSorted((a, b) => b.length - a.length);
}

function placeGroup<Edge extends Link>(
  ids: readonly string[],
  edges: readonly Edge[],
  labelWidth: (edge: Edge) => number,
) {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 26, edgesep: 16, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const edge of edges)
    graph.setEdge(edge.upstream, edge.downstream, { width: labelWidth(edge), height: 16, labelpos: 'c' });
  layout(graph);
  return graph;
}

/**
 * Places jobs from left to right, every upstream before its downstreams; groups without an edge between them stand one
 * below the other, small ones side by side.
 * @param labelWidth room that the label of an edge needs, in pixels.
 */
export function place<Edge extends Link>(
  ids: readonly string[],
  edges: readonly Edge[],
  labelWidth: (edge: Edge) => number,
): Placed {
  const labels = new Map<string, Point>();
  const nodes = new Map<string, Point>();
  const bends = new Map<string, readonly Point[]>();
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  let widest = rowWidth;
  for (const group of groupsOf(ids, edges)) {
    const members = new Set(group);
    const own = edges.filter((edge) => members.has(edge.upstream));
    const graph = placeGroup(group, own, labelWidth);
    const size = graph.graph();
    const [groupWidth, groupHeight] = [size.width ?? nodeWidth, size.height ?? nodeHeight];
    widest = Math.max(widest, groupWidth);
    if (x > 0 && x + groupWidth > widest) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    for (const id of group) {
      const at = graph.node(id);
      nodes.set(id, { x: x + at.x - nodeWidth / 2, y: y + at.y - nodeHeight / 2 });
    }
    for (const edge of own) {
      const { points = [], x: labelX = 0, y: labelY = 0 } = graph.edge(edge.upstream, edge.downstream);
      labels.set(edgeId(edge), { x: x + labelX, y: y + labelY });
      bends.set(
        edgeId(edge),
        points.slice(1, -1).map((point: Point) => ({ x: x + point.x, y: y + point.y })),
      );
    }
    x += groupWidth + gap;
    rowHeight = Math.max(rowHeight, groupHeight);
    width = Math.max(width, x - gap);
  }
  return { nodes, bends, labels, width, height: y + rowHeight };
}

/** A line through points that leaves and enters them level, as an SVG path. */
export function smoothPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let last = first;
  let path = `M${first.x},${first.y}`;
  for (const point of rest) {
    const middle = (last.x + point.x) / 2;
    path += ` C${middle},${last.y} ${middle},${point.y} ${point.x},${point.y}`;
    last = point;
  }
  return path;
}
