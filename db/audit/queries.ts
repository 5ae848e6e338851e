import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { AuditFilter, AuditView } from '#domain/access/view.ts';
import { invalidField } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { audit } from '#db/core/schema.ts';

export interface AuditQuery extends AuditFilter {
  /** At most 200; 50 when left out. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

function given<Value>(value: Value | undefined, condition: (value: Value) => ReturnType<typeof eq>) {
  return value === undefined || value === '' ? undefined : condition(value);
}

/** Who did what, newest first; `from` is included, `to` is not. */
export async function listAudit(
  q: Queryable,
  query: AuditQuery = {},
): Promise<{ items: AuditView[]; next_cursor: string | null }> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const cursor = query.cursor === undefined ? undefined : Number(query.cursor);
  if (cursor !== undefined && !(Number.isSafeInteger(cursor) && cursor > 0)) {
    throw invalidField('cursor', 'invalid_cursor', 'not a cursor of this list');
  }
  const rows = await q
    .select()
    .from(audit)
    .where(
      and(
        given(cursor, (id) => lt(audit.id, id)),
        given(query.actor, (id) => eq(audit.actorId, id)),
        given(query.operation, (name) => eq(audit.operation, name)),
        given(query.scope, (name) => eq(audit.scope, name)),
        given(query.entity_type, (type) => eq(audit.entityType, type)),
        given(query.entity_id, (id) => eq(audit.entityId, id)),
        given(query.from, (at) => gte(audit.at, new Date(at))),
        given(query.to, (at) => lt(audit.at, new Date(at))),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => ({
      id: String(row.id),
      at: row.at.toISOString(),
      actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
      operation: row.operation,
      scope: row.scope,
      entity_type: row.entityType,
      entity_id: row.entityId,
      before: row.before,
      after: row.after,
      request_id: row.requestId,
    })),
    next_cursor: rows.length > limit ? String(shown.at(-1)?.id ?? '') : null,
  };
}

/** The names of operations and entity types that occur, for the filters. */
export async function auditFacets(q: Queryable): Promise<{ operations: string[]; entity_types: string[] }> {
  const [operations, types] = await Promise.all([
    q.selectDistinct({ name: audit.operation }).from(audit).orderBy(audit.operation),
    q.selectDistinct({ name: audit.entityType }).from(audit).orderBy(audit.entityType),
  ]);
  return { operations: operations.map((row) => row.name), entity_types: types.map((row) => row.name) };
}
