import { z } from 'zod';

/** The desk template of a scope: whether it is still offered, and what it would add. */
export const templateView = z.object({
  state: z.enum(['offered', 'installed', 'dismissed']),
  simulation: z
    .enum(['offered', 'running'])
    .nullable()
    .describe('Whether the scope has a simulated market; null where it may not have one.'),
  jobs: z.array(
    z.object({
      job_id: z.string(),
      description: z.string(),
      schedule: z.object({ ko: z.string(), en: z.string() }).describe('In words.'),
      waits_for: z.array(z.string()),
      exists: z.boolean().describe('A job of this id is there already and stays as it is.'),
    }),
  ),
});
export type TemplateView = z.output<typeof templateView>;

export const templateInstall = z.strictObject({
  language: z.enum(['ko', 'en']).default('ko').describe('Of the descriptions.'),
});
