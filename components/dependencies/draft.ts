import type { Edge } from '#domain/dependencies/edge.ts';
import { edgeId } from '#components/dependencies/edge-words.tsx';

/** What an edit of edges comes to. */
export interface EdgeChanges {
  readonly added: readonly Edge[];
  readonly removed: readonly Edge[];
  readonly changed: readonly { readonly before: Edge; readonly after: Edge }[];
}

const same = (a: Edge, b: Edge) =>
  a.kind === b.kind && a.on === b.on && a.satisfied_by === b.satisfied_by && a.each === b.each;

/** How edges differ from those before. */
export function changesOf(before: readonly Edge[], after: readonly Edge[]): EdgeChanges {
  const old = new Map(before.map((edge) => [edgeId(edge), edge]));
  const fresh = new Map(after.map((edge) => [edgeId(edge), edge]));
  return {
    added: after.filter((edge) => !old.has(edgeId(edge))),
    removed: before.filter((edge) => !fresh.has(edgeId(edge))),
    changed: after.flatMap((edge) => {
      const known = old.get(edgeId(edge));
      return known === undefined || same(known, edge) ? [] : [{ before: known, after: edge }];
    }),
  };
}

export function countOf({ added, removed, changed }: EdgeChanges): number {
  return added.length + removed.length + changed.length;
}

/** The same changes made to other edges: what somebody else saved meanwhile. */
export function replay(changes: EdgeChanges, onto: readonly Edge[]): Edge[] {
  const gone = new Set(changes.removed.map(edgeId));
  const written = new Map(
    [...changes.added, ...changes.changed.map(({ after }) => after)].map((edge) => [edgeId(edge), edge]),
  );
  const kept = onto.filter((edge) => !gone.has(edgeId(edge)) && !written.has(edgeId(edge)));
  return [...kept, ...written.values()];
}

/** Edges with one put in, in place of what stood between its jobs. */
export function withEdge(edges: readonly Edge[], edge: Edge): Edge[] {
  const id = edgeId(edge);
  return edges.some((known) => edgeId(known) === id)
    ? edges.map((known) => (edgeId(known) === id ? edge : known))
    : [...edges, edge];
}
