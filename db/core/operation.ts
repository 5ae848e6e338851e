import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Actor, type Permission, requirePermission } from '#domain/access/access.ts';
import { Problem, conflict, notFound } from '#domain/core/errors.ts';
import { scopeNow } from '#domain/time/clock.ts';
import { scopes } from '#db/scopes/schema.ts';
import { type Change, type Topic, writeChanges } from './changes.ts';
import type { Database, Transaction } from './client.ts';
import { issuesOf } from './issues.ts';
import { audit, idempotentRequests } from './schema.ts';

export interface AuditEntry {
  readonly entityType: string;
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an operation has in hand: one transaction, who acts, and the scope's clock. */
export interface OperationContext {
  readonly tx: Transaction;
  readonly actor: Actor;
  /** Scope time. For instance operations: the database's time. */
  readonly now: Date;
  readonly requestId: string | null;
  /** Notes a change for live updates; written at the end of the transaction. */
  change(topic: Topic, entity: string): void;
  /** Notes an audit row; every operation that changes something writes at least one. */
  audit(entry: AuditEntry): void;
}
export interface ScopedContext extends OperationContext {
  readonly scope: {
    readonly name: string;
    readonly kind: 'real' | 'mock' | 'rehearsal';
    readonly number: number;
  };
}

interface Common<Input extends z.ZodType> {
  /** The verb: `create_job`. */
  readonly name: string;
  /** null: open to every actor that signed in, on what is their own; the operation checks whose it is. */
  readonly permission: Permission | null;
  readonly input: Input;
}
export interface ScopedOperation<Input extends z.ZodType, Output> extends Common<Input> {
  readonly on: 'scope';
  run(context: ScopedContext, input: z.output<Input>): Promise<Output>;
}
export interface InstanceOperation<Input extends z.ZodType, Output> extends Common<Input> {
  readonly on: 'instance';
  run(context: OperationContext, input: z.output<Input>): Promise<Output>;
}
export type Operation<Input extends z.ZodType, Output> =
  ScopedOperation<Input, Output> | InstanceOperation<Input, Output>;

export function scopedOperation<Input extends z.ZodType, Output>(
  definition: Omit<ScopedOperation<Input, Output>, 'on'>,
): ScopedOperation<Input, Output> {
  return { on: 'scope', ...definition };
}
export function instanceOperation<Input extends z.ZodType, Output>(
  definition: Omit<InstanceOperation<Input, Output>, 'on'>,
): InstanceOperation<Input, Output> {
  return { on: 'instance', ...definition };
}

export interface PerformOptions {
  readonly requestId?: string;
  /** Makes a repeated POST answer what the first one answered; stored in the same transaction. */
  readonly idempotency?: { readonly id: string; readonly fingerprint: string };
}

async function databaseNow(tx: Transaction): Promise<Date> {
  const rows = await tx.execute<{ now: string }>(sql`select clock_timestamp() as now`);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('The database gave no time.');
  return new Date(now);
}

async function openScope(tx: Transaction, name: string) {
  const [row] = await tx.select().from(scopes).where(eq(scopes.name, name));
  if (row === undefined) throw notFound('scope', name);
  const clock =
    row.clockKind === 'simulated' && row.clockAt !== null
      ? ({ kind: 'simulated', at: row.clockAt } as const)
      : ({ kind: 'wall' } as const);
  return { scope: { name: row.name, kind: row.kind, number: row.number }, clock };
}

/**
 * Performs one operation: permission, parse, one transaction, changes, audit rows.
 * @param scope the scope's name; null for instance operations.
 * @throws Problem 400 (with field paths), 403, 404 or 409; a repeated idempotent request answers as the first did.
 */
export async function perform<Input extends z.ZodType, Output>(
  db: Database,
  actor: Actor,
  operation: Operation<Input, Output>,
  scope: string | null,
  raw: unknown,
  options: PerformOptions = {},
): Promise<Output> {
  if (operation.permission !== null)
    requirePermission(actor, operation.permission, operation.on === 'scope' ? scope : null);
  const parsed = operation.input.safeParse(raw);
  if (!parsed.success) {
    const issues = issuesOf(parsed.error);
    throw new Problem(
      'invalid',
      'invalid',
      issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
      {},
      issues,
    );
  }
  return db.transaction(async (tx) => {
    const repeated = options.idempotency === undefined ? null : await claimRequest(tx, options.idempotency);
    if (repeated !== null) return repeated.response as Output;
    const output = await runIn(tx, actor, operation, scope, parsed.data, options.requestId ?? null);
    // A null answer did nothing that could be repeated: the same request may find something next time.
    if (options.idempotency !== undefined && output === null)
      await tx.delete(idempotentRequests).where(eq(idempotentRequests.id, options.idempotency.id));
    else if (options.idempotency !== undefined) {
      await tx
        .update(idempotentRequests)
        .set({ response: output })
        .where(eq(idempotentRequests.id, options.idempotency.id));
    }
    return output;
  });
}

/** Runs an operation inside a transaction that is already open (an operation that is made of others). */
async function runIn<Input extends z.ZodType, Output>(
  tx: Transaction,
  actor: Actor,
  operation: Operation<Input, Output>,
  scopeNameOrNull: string | null,
  input: z.output<Input>,
  requestId: string | null,
): Promise<Output> {
  const changed: Change[] = [];
  const entries: AuditEntry[] = [];
  const wall = await databaseNow(tx);
  const base = { tx, actor, requestId, audit: (entry: AuditEntry) => void entries.push(entry) };
  const output =
    operation.on === 'instance'
      ? await operation.run(
          {
            ...base,
            now: wall,
            change: (topic, entity) => void changed.push({ topic, entity, scope: null }),
          },
          input,
        )
      : await runScoped(operation, base, wall, scopeNameOrNull ?? '', input, changed);
  const scope = operation.on === 'scope' ? scopeNameOrNull : null;
  if (entries.length > 0) {
    await tx.insert(audit).values(
      entries.map((entry) => ({
        at: wall,
        actorKind: actor.kind,
        actorId: actor.id,
        actorName: actor.name,
        operation: operation.name,
        scope,
        requestId,
        ...entry,
      })),
    );
    changed.push({ topic: 'audit', entity: operation.name, scope: null });
  }
  await writeChanges(tx, changed);
  return output;
}

async function runScoped<Input extends z.ZodType, Output>(
  operation: ScopedOperation<Input, Output>,
  base: Pick<OperationContext, 'tx' | 'actor' | 'requestId' | 'audit'>,
  wall: Date,
  name: string,
  input: z.output<Input>,
  changed: Change[],
): Promise<Output> {
  const { scope, clock } = await openScope(base.tx, name);
  const change = (topic: Topic, entity: string) => void changed.push({ topic, entity, scope: scope.name });
  return operation.run({ ...base, scope, now: scopeNow(clock, wall), change }, input);
}

/** First come writes the row; a second waits for the first's commit and reads its answer. */
async function claimRequest(
  tx: Transaction,
  request: { id: string; fingerprint: string },
): Promise<{ response: unknown } | null> {
  const inserted = await tx
    .insert(idempotentRequests)
    .values({ id: request.id, fingerprint: request.fingerprint, response: null })
    .onConflictDoNothing()
    .returning({ id: idempotentRequests.id });
  if (inserted.length === 1) return null;
  const [row] = await tx.select().from(idempotentRequests).where(eq(idempotentRequests.id, request.id));
  if (row === undefined)
    throw conflict(
      'idempotency_race',
      'The first request with this Idempotency-Key was just undone: send it again.',
    );
  if (row.fingerprint !== request.fingerprint) {
    throw new Problem(
      'unprocessable',
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request: use a new one.',
    );
  }
  return { response: row.response };
}
