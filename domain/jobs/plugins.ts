import { z } from 'zod';
import { instantText } from './view.ts';

/** JSON Schema of an object, as a worker published it. */
export const paramsSchema = z.record(z.string(), z.json());

/**
 * A file of the plug-in folder as a worker told of it. One that could not be loaded has a problem, and the file's name
 * in place of a task's.
 */
export const pluginView = z.object({
  name: z.string(),
  description: z.string(),
  file: z.string(),
  build: z.string().describe('Begins the SHA-256 of the file.'),
  problem: z.string().nullable().describe('Why it could not be loaded.'),
  updated_at: instantText.describe('When a worker last confirmed it.'),
});
export type PluginView = z.output<typeof pluginView>;

/** A task that a job can name. */
export const taskView = z.object({
  name: z.string(),
  kind: z.enum(['builtin', 'plugin']),
  description: z.string(),
  params_schema: paramsSchema.describe('JSON Schema of the parameters.'),
});
export type TaskView = z.output<typeof taskView>;
