export interface Link {
  readonly upstream: string;
  readonly downstream: string;
}

export interface CriticalPath {
  /** Job ids, the first upstream first. */
  readonly path: readonly string[];
  readonly ms: number;
}

function listsBy(edges: readonly Link[], from: keyof Link, to: keyof Link): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const edge of edges) {
    const list = lists.get(edge[from]);
    if (list === undefined) lists.set(edge[from], [edge[to]]);
    else list.push(edge[to]);
  }
  return lists;
}

/** Jobs in an order in which every upstream stands before its downstreams (Kahn); jobs of a cycle are left out. */
function inOrder(edges: readonly Link[]): string[] {
  const next = listsBy(edges, 'upstream', 'downstream');
  const waits = new Map<string, number>();
  for (const { upstream, downstream } of edges) {
    waits.set(upstream, waits.get(upstream) ?? 0);
    waits.set(downstream, (waits.get(downstream) ?? 0) + 1);
  }
  const order = [...waits].filter(([, count]) => count === 0).map(([id]) => id);
  for (let at = 0; at < order.length; at += 1)
    for (const id of next.get(order[at] ?? '') ?? []) {
      const left = (waits.get(id) ?? 0) - 1;
      waits.set(id, left);
      if (left === 0) order.push(id);
    }
  return order;
}

/**
 * The chain of edges whose jobs take longest together: what a day's graph cannot be faster than. Of equal ones, that with
 * fewer jobs, then the first by name.
 * @param durations of the jobs, in milliseconds; a job without one counts nothing.
 * @returns null when no chain takes any time.
 */
export function criticalPath(
  durations: ReadonlyMap<string, number>,
  edges: readonly Link[],
): CriticalPath | null {
  const before = listsBy(edges, 'downstream', 'upstream');
  const best = new Map<string, CriticalPath>();
  const longer = (a: CriticalPath, b: CriticalPath) =>
    a.ms - b.ms || b.path.length - a.path.length || (a.path.join('\n') < b.path.join('\n') ? 1 : -1);
  for (const id of inOrder(edges)) {
    const own = Math.max(0, durations.get(id) ?? 0);
    const reached = (before.get(id) ?? []).flatMap((upstream) => best.get(upstream) ?? []);
    const [head] = reached.toSorted((a, b) => longer(b, a));
    best.set(id, { path: [...(head?.path ?? []), id], ms: (head?.ms ?? 0) + own });
  }
  const [longest] = [...best.values()]
    .filter(({ path, ms }) => path.length > 1 && ms > 0)
    .toSorted((a, b) => longer(b, a));
  return longest ?? null;
}

function reach(start: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const queue = [...(next.get(start) ?? [])];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...(next.get(id) ?? []));
  }
  return seen;
}

/** Everything before a job and everything after it, the job left out. */
export function neighbourhood(job: string, edges: readonly Link[]) {
  return {
    upstream: reach(job, listsBy(edges, 'downstream', 'upstream')),
    downstream: reach(job, listsBy(edges, 'upstream', 'downstream')),
  };
}

/**
 * The jobs nearest to one by edges in either direction, the job first, until `most` are found: what can be shown of a
 * graph that is too large.
 */
export function nearest(job: string, edges: readonly Link[], most: number): string[] {
  const next = listsBy(edges, 'upstream', 'downstream');
  const before = listsBy(edges, 'downstream', 'upstream');
  const found = new Set([job]);
  for (const id of found) {
    for (const near of [...(before.get(id) ?? []), ...(next.get(id) ?? [])]) {
      if (found.size >= most) return [...found];
      found.add(near);
    }
  }
  return [...found];
}
