// A worker process with one more task, which does nothing: what is measured is the engine.
import { z } from 'zod';
import { addTask } from '#worker/tasks/registry.ts';

addTask({ name: 'noop', params: z.looseObject({}), run: () => Promise.resolve({}) });
await import('#worker/main.ts');
