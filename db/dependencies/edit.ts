import { and, eq, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { conflict, invalidField } from '#domain/core/errors.ts';
import type { JobId } from '#domain/core/ids.ts';
import { findCycle } from '#domain/dependencies/cycle.ts';
import type { dependsOn, Edge, EdgeRule, triggers } from '#domain/dependencies/edge.ts';
import { graphEdit } from '#domain/dependencies/view.ts';
import { wake } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { scopes } from '#db/scopes/schema.ts';
import { edgesOf, jobKeys } from './edges.ts';
import { jobEdges } from './schema.ts';

/**
 * Takes a scope's graph for this transaction and raises its version: two edits could otherwise close a cycle together.
 * Call it before calendars are read, which holds the same row.
 * @returns the version before.
 */
export async function lockGraph(tx: Transaction, scope: string): Promise<number> {
  const [row] = await tx
    .update(scopes)
    .set({ graphVersion: sql`${scopes.graphVersion} + 1` })
    .where(eq(scopes.name, scope))
    .returning({ version: scopes.graphVersion });
  return (row?.version ?? 1) - 1;
}

/** Keeps a scope's graph and locks as they are until this transaction ends; jobs are locked before it. */
export async function holdGraph(tx: Transaction, scope: string): Promise<void> {
  await tx.select({ name: scopes.name }).from(scopes).where(eq(scopes.name, scope)).for('no key update');
}

/** @throws Problem 400 `dependency_cycle` at `field`, with the path. */
function refuseCycle(edges: readonly Edge[], field: string): void {
  const path = findCycle(edges);
  if (path === null) return;
  throw invalidField(field, 'dependency_cycle', `these edges close a cycle: ${path.join(' → ')}`, { path });
}

const textOf = (edge: Edge) => `${edge.upstream} → ${edge.downstream}`;

function columnsOf(rule: EdgeRule) {
  return { kind: rule.kind, on: rule.on, satisfiedBy: rule.satisfied_by, each: rule.each };
}

/** The audit row of an edit: the edges that differ, before and after. */
function note(context: ScopedContext, before: readonly Edge[], after: readonly Edge[]): void {
  const known = new Set(before.map((edge) => JSON.stringify(edge)));
  const kept = new Set(after.map((edge) => JSON.stringify(edge)));
  const gone = before.filter((edge) => !kept.has(JSON.stringify(edge)));
  const come = after.filter((edge) => !known.has(JSON.stringify(edge)));
  if (gone.length + come.length === 0) return;
  context.audit({ entityType: 'graph', entityId: context.scope.name, before: gone, after: come });
  context.change('dependencies', '*');
}

/** @throws Problem 400 for an edge given twice or a job that is not there. */
async function checkEdges(tx: Transaction, scope: string, edges: readonly Edge[]) {
  const seen = new Set<string>();
  const keys = await jobKeys(
    tx,
    scope,
    edges.flatMap((edge) => [edge.upstream, edge.downstream]),
  );
  for (const [index, edge] of edges.entries()) {
    for (const side of ['upstream', 'downstream'] as const)
      if (!keys.has(edge[side])) throw unknownJob(`edges.${index}.${side}`, edge[side]);
    if (seen.has(textOf(edge)))
      throw invalidField(`edges.${index}`, 'edge_twice', `${textOf(edge)} is given twice`, {
        edge: textOf(edge),
      });
    seen.add(textOf(edge));
  }
  return keys;
}

function unknownJob(field: string, job: string) {
  return invalidField(field, 'job_unknown', `there is no job "${job}" in this scope`, { job });
}

/**
 * Makes the given edges the scope's graph.
 * @throws Problem 400 (unknown job, edge twice, cycle with its path), 409 for a stale version.
 */
export const editGraph = scopedOperation({
  name: 'edit_graph',
  permission: 'jobs.edit',
  input: graphEdit,
  async run(context, { edges, version }) {
    const { tx, scope } = context;
    const current = await lockGraph(tx, scope.name);
    if (version !== undefined && version !== current)
      throw conflict(
        'graph_version_stale',
        `The graph was edited meanwhile: it is at version ${current}, your edit was made against ${version}. Reload and edit again.`,
        { current, given: version },
      );
    const keys = await checkEdges(tx, scope.name, edges);
    refuseCycle(edges, 'edges');
    const before = await edgesOf(tx, scope.name);
    await tx.delete(jobEdges).where(eq(jobEdges.scope, scope.name));
    if (edges.length > 0)
      await tx.insert(jobEdges).values(
        edges.map((edge) => ({
          scope: scope.name,
          upstream: keys.get(edge.upstream) ?? 0,
          downstream: keys.get(edge.downstream) ?? 0,
          ...columnsOf(edge),
        })),
      );
    const after = await edgesOf(tx, scope.name);
    note(context, before, after);
    await wake(tx);
    return { version: current + 1, edges: after };
  },
});

/** Edges as one job writes them; what is left out stays. */
export interface GivenNeighbours {
  readonly depends_on?: z.output<typeof dependsOn> | undefined;
  readonly triggers?: z.output<typeof triggers> | undefined;
}

export function namesNeighbours(given: GivenNeighbours): boolean {
  return given.depends_on !== undefined || given.triggers !== undefined;
}

async function putEdge(
  tx: Transaction,
  scope: string,
  ends: { upstream: number; downstream: number },
  rule: EdgeRule,
): Promise<void> {
  // What one job waits for and the other starts is one edge that does both.
  await tx
    .insert(jobEdges)
    .values({ scope, ...ends, ...columnsOf(rule) })
    .onConflictDoUpdate({ target: [jobEdges.upstream, jobEdges.downstream], set: { kind: 'both' } });
}

/**
 * Writes the edges that a job names, in place of those it named before. The graph must be locked.
 * @throws Problem 400 naming the entry: unknown job, or the cycle it closes.
 */
export async function writeNeighbours(
  context: ScopedContext,
  job: { readonly id: number; readonly jobId: JobId },
  given: GivenNeighbours,
): Promise<void> {
  const { tx, scope } = context;
  const keyOf = async (ids: readonly JobId[], field: string) => {
    const keys = await jobKeys(tx, scope.name, ids);
    return ids.map((id, index) => {
      const key = keys.get(id);
      if (key === undefined) throw unknownJob(`${field}.${index}`, id);
      if (key === job.id)
        throw invalidField(`${field}.${index}`, 'dependency_cycle', `"${id}" cannot depend on itself`, {
          path: [id, id],
        });
      return key;
    });
  };
  const before = await edgesOf(tx, scope.name);
  if (given.depends_on !== undefined) {
    const keys = await keyOf(
      given.depends_on.map((entry) => entry.job_id),
      'depends_on',
    );
    await tx.delete(jobEdges).where(and(eq(jobEdges.downstream, job.id), ne(jobEdges.kind, 'trigger')));
    for (const [index, entry] of given.depends_on.entries())
      await putEdge(tx, scope.name, { upstream: keys[index] ?? 0, downstream: job.id }, entry);
  }
  if (given.triggers !== undefined) {
    const keys = await keyOf(
      given.triggers.map((entry) => entry.job_id),
      'triggers',
    );
    await tx.delete(jobEdges).where(and(eq(jobEdges.upstream, job.id), eq(jobEdges.kind, 'trigger')));
    for (const [index, entry] of given.triggers.entries())
      await putEdge(
        tx,
        scope.name,
        { upstream: job.id, downstream: keys[index] ?? 0 },
        { ...entry, kind: 'trigger', satisfied_by: 'latest' },
      );
  }
  const after = await edgesOf(tx, scope.name);
  refuseCycle(after, given.depends_on === undefined ? 'triggers' : 'depends_on');
  note(context, before, after);
}
