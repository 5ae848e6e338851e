import { hostname } from 'node:os';
import type { PluginFolder } from '#worker/plugins/folder.ts';
import { runPlugin } from '#worker/plugins/run.ts';
import { command } from './command.ts';
import { http } from './http.ts';
import { runTask, type Task, type TaskContext, TaskFailure, type TaskResult } from './task.ts';

const added = new Map<string, Task>();

/** Adds a task to those of this build, for the life of this process. */
export function addTask(task: Task): void {
  added.set(task.name, task);
}

let plugins: Pick<PluginFolder, 'find'> | null = null;

/** Makes the plug-ins of this process known to its runs. */
export function usePlugins(folder: Pick<PluginFolder, 'find'>): void {
  plugins = folder;
}

/**
 * Runs the task that a claim names: a built-in one, or a plug-in's.
 * @throws TaskFailure; without a task of that name here it is retried, as another worker or a later scan may have it.
 */
export async function runNamedTask(name: string, context: TaskContext): Promise<TaskResult> {
  const own = added.get(name);
  if (own !== undefined) return runTask(own, context);
  switch (name) {
    case 'command':
      return runTask(command, context);
    case 'http':
      return runTask(http, context);
    default: {
      const plugin = plugins?.find(name) ?? null;
      if (plugin !== null) return runPlugin(plugin, context);
      throw new TaskFailure(`no task "${name}" is loaded in the worker on ${hostname()}`, {
        code: 'task_not_loaded',
        params: { task: name, host: hostname() },
      });
    }
  }
}
