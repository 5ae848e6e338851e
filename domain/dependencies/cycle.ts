interface Link {
  readonly upstream: string;
  readonly downstream: string;
}

/** Downstream jobs of each job, in the order of the edges. */
function successors(edges: readonly Link[]): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const { upstream, downstream } of edges) {
    const list = next.get(upstream);
    if (list === undefined) next.set(upstream, [downstream]);
    else list.push(downstream);
  }
  return next;
}

/**
 * A cycle among edges as the path that closes it: `['a', 'b', 'a']`; null when there is none. Depth first with a stack of
 * its own, so that a long chain does not exhaust the call stack.
 */
export function findCycle(edges: readonly Link[]): string[] | null {
  const next = successors(edges);
  const done = new Set<string>();
  for (const start of next.keys()) {
    if (done.has(start)) continue;
    const path = [start];
    const onPath = new Set(path);
    const left = [[...(next.get(start) ?? [])]];
    while (path.length > 0) {
      const ahead = left.at(-1)?.shift();
      if (ahead === undefined) {
        const gone = path.pop();
        left.pop();
        if (gone !== undefined) {
          onPath.delete(gone);
          done.add(gone);
        }
      } else if (onPath.has(ahead)) return [...path.slice(path.indexOf(ahead)), ahead];
      else if (!done.has(ahead)) {
        path.push(ahead);
        onPath.add(ahead);
        left.push([...(next.get(ahead) ?? [])]);
      }
    }
  }
  return null;
}

/** The cycle that one more edge would close, beginning and ending with its upstream; null when it closes none. */
export function cycleOf(edges: readonly Link[], added: Link): string[] | null {
  const { upstream, downstream } = added;
  if (upstream === downstream) return [upstream, upstream];
  const next = successors(edges);
  const from = new Map<string, string>([[downstream, upstream]]);
  const queue = [downstream];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === upstream) break;
    for (const ahead of next.get(at) ?? []) {
      if (from.has(ahead)) continue;
      from.set(ahead, at);
      queue.push(ahead);
    }
  }
  if (!from.has(upstream)) return null;
  const path = [upstream];
  for (let at = from.get(upstream); at !== undefined && at !== upstream; at = from.get(at)) path.unshift(at);
  return [upstream, ...path];
}
