import type { Actor } from '#domain/access/access.ts';
import type { JobDefinition } from '#domain/jobs/definition.ts';
import type { Transaction } from '#db/core/client.ts';
import { jobVersions } from './schema.ts';

/** Writes version `version` of a job with its author. */
export async function writeVersion(
  tx: Transaction,
  actor: Actor,
  job: number,
  version: number,
  definition: JobDefinition,
  at: Date,
  restoredFrom: number | null = null,
): Promise<void> {
  await tx.insert(jobVersions).values({
    job,
    version,
    definition,
    at,
    restoredFrom,
    authorKind: actor.kind,
    authorId: actor.id,
    authorName: actor.name,
  });
}
