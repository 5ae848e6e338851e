import { z } from 'zod';
import { edit, jobFields, neighbourFields, registration } from '#domain/jobs/definition.ts';

/** Body of a registration, as the operation parses it. */
export const registrationBody = registration.meta({ id: 'JobRegistration' });
export const editBody = edit.meta({ id: 'JobEdit' });

/** Body of a replacement: the whole definition; what is left out takes its default. */
export const replacementBody = jobFields
  .extend({
    job_id: z.string().optional().describe('May be sent along; must be the id in the path.'),
    queue: jobFields.shape.queue.optional(),
    ...neighbourFields,
    default_params: jobFields.shape.params.optional().describe('Another name of `params`.'),
    version: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('The version this was made against; a stale one answers 409.'),
  })
  .meta({ id: 'JobReplacement' });

/**
 * A replacement's body as the operation takes it: the version and the edges apart, the alias folded. Whatever is wrong stays in,
 * for the operation to refuse by name.
 */
export function replacementOf(
  jobId: string,
  body: unknown,
): { job_id: string; version?: unknown; depends_on?: unknown; triggers?: unknown; definition: unknown } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { job_id: jobId, definition: body };
  const { version, depends_on, triggers, ...definition }: Record<string, unknown> = { ...body };
  if (definition['job_id'] === jobId) delete definition['job_id'];
  if (definition['default_params'] !== undefined && definition['params'] === undefined) {
    definition['params'] = definition['default_params'];
    delete definition['default_params'];
  }
  return { job_id: jobId, version, depends_on, triggers, definition };
}
