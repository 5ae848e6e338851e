import { type JobView, jobView } from '#domain/jobs/view.ts';
import { type RunView, logPage, runDetail, runView } from '#domain/runs/view.ts';
import { expect } from '@playwright/test';
import { z } from 'zod';
import { baseUrl } from './env.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request to the API with a key; the answer as it is, refusals too. */
export async function callApi(key: string, method: Method, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

const ended = new Set(['succeeded', 'failed', 'cancelled', 'skipped', 'quarantined']);

/** The verbs a test prepares with; anything but success throws. */
export class Api {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }

  async call(method: Method, path: string, body?: unknown): Promise<unknown> {
    const answer = await callApi(this.key, method, path, body);
    if (answer.status >= 400)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Asks, and answers refusals too. */
  try(method: Method, path: string, body?: unknown): Promise<Answer> {
    return callApi(this.key, method, path, body);
  }

  /** Registers a job of the mock scope: a `command` that starts by hand unless fields say otherwise. */
  async createJob(jobId: string, argv: readonly string[], fields: object = {}): Promise<JobView> {
    const body = { job_id: jobId, task: 'command', params: { argv }, retry_limit: 0, ...fields };
    return jobView.parse(await this.call('POST', '/api/v1/mock/jobs', body));
  }

  async job(jobId: string): Promise<JobView> {
    return jobView.parse(await this.call('GET', `/api/v1/mock/jobs/${jobId}`));
  }

  async editJob(jobId: string, change: object): Promise<JobView> {
    return jobView.parse(await this.call('PATCH', `/api/v1/mock/jobs/${jobId}`, change));
  }

  async runNow(jobId: string): Promise<RunView> {
    return runView.parse(await this.call('POST', `/api/v1/mock/jobs/${jobId}/run-now`, {}));
  }

  async run(runId: string) {
    return runDetail.parse(await this.call('GET', `/api/v1/mock/runs/${runId}`));
  }

  async runsOf(jobId: string): Promise<readonly RunView[]> {
    const page = await this.call('GET', `/api/v1/mock/runs?job_id=${jobId}&limit=200`);
    return z.object({ items: z.array(runView) }).parse(page).items;
  }

  async logOf(runId: string): Promise<readonly string[]> {
    const page = logPage.parse(await this.call('GET', `/api/v1/mock/runs/${runId}/logs`));
    return page.items.map(({ line }) => line);
  }

  /** Waits until the run has ended and answers how. */
  async end(runId: string): Promise<RunView['state']> {
    let state: RunView['state'] = 'waiting';
    await expect
      .poll(async () => ended.has((state = (await this.run(runId)).state)), { timeout: 30_000 })
      .toBe(true);
    return state;
  }
}
