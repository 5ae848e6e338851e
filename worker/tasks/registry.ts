import { command } from './command.ts';
import { http } from './http.ts';
import { runTask, type TaskContext, TaskFailure, type TaskResult } from './task.ts';

/** Runs the task that a claim names. @throws TaskFailure when there is none of that name here. */
export async function runNamedTask(name: string, context: TaskContext): Promise<TaskResult> {
  switch (name) {
    case 'command':
      return runTask(command, context);
    case 'http':
      return runTask(http, context);
    default:
      throw new TaskFailure(
        `there is no task "${name}" in this build`,
        { code: 'task_error', params: { message: `no task ${name}` } },
        { retryable: false },
      );
  }
}
