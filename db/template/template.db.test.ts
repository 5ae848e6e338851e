import { afterEach, beforeEach, expect, test } from 'vitest';
import { cycleOf } from '#domain/dependencies/cycle.ts';
import { perform } from '#db/core/operation.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { edgesOf } from '#db/dependencies/edges.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob, resumeJob } from '#db/jobs/edit.ts';
import { listJobs } from '#db/jobs/queries.ts';
import { rerunRun } from '#db/runs/control.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';
import { deskTemplate, dismissTemplate, installTemplate } from './template.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});
const install = (operation: typeof installTemplate, input: object, scope = 'mock') =>
  perform(database.db, system, operation, scope, input);

test('adds the jobs of a desk, paused and wired, beside those that are there', async () => {
  await perform(database.db, system, createJob, 'real', {
    job_id: 'daily_report',
    task: 'command',
    params: { argv: ['true'] },
    cron_expr: '0 18 * * *',
  });
  const offered = await deskTemplate(database.db, 'real', 'ko');
  expect(offered.state).toBe('offered');
  expect(offered.jobs.filter((job) => job.exists).map((job) => job.job_id)).toEqual(['daily_report']);
  const installed = await install(installTemplate, { language: 'ko' }, 'real');
  expect(installed).toMatchObject({ state: 'installed' });
  const { items } = await listJobs(database.db, 'real');
  expect(items.length).toBe(12);
  expect(items.filter((job) => job.enabled).map((job) => job.job_id)).toEqual(['daily_report']);
  expect(items.find((job) => job.job_id === 'daily_report')?.cron_expr).toBe('0 18 * * *');
  const edges = await edgesOf(database.db, 'real');
  expect(edges.map((one) => `${one.upstream}>${one.downstream}`)).toEqual([
    'ai_analysis>market_monitoring',
    'daily_settlement>daily_report',
    'market_monitoring>daily_settlement',
    'market_monitoring>trading_execution',
    'morning_data_collection>ai_analysis',
  ]);
  expect((await deskTemplate(database.db, 'mock', 'en')).state).toBe('offered');
  expect(await install(installTemplate, {}, 'real')).toMatchObject({ state: 'installed' });
  expect((await listJobs(database.db, 'real')).items.length).toBe(12);
});

test('is offered no more once declined', async () => {
  await perform(database.db, system, dismissTemplate, 'mock', {});
  expect((await deskTemplate(database.db, 'mock', 'en')).state).toBe('dismissed');
  expect((await listJobs(database.db, 'mock')).items).toEqual([]);
});

test('its day goes as the graph says: late, failed, rerun', async () => {
  const desk = deskOn(database);
  await desk.at('2026-11-20 07:00');
  await install(installTemplate, { language: 'en' });
  const chain = ['morning_data_collection', 'ai_analysis', 'daily_settlement', 'daily_report'];
  for (const job_id of chain) {
    await perform(database.db, system, editJob, 'mock', {
      job_id,
      edit: { task: 'external', params: {}, queue: `mock.jobs.${job_id}`, overlap: 'queue', retry_limit: 0 },
    });
    await perform(database.db, system, resumeJob, 'mock', { job_id });
  }
  for (const time of ['08:00', '08:15']) {
    await desk.at(`2026-11-20 ${time}`);
    await desk.end('morning_data_collection', 'succeeds');
  }
  await desk.at('2026-11-20 08:30');
  const late = await desk.last('morning_data_collection');
  expect((await desk.last('ai_analysis')).reason).toMatchObject({
    code: 'upstream_open',
    params: { job: 'morning_data_collection', run_id: late.run_id },
  });
  await desk.at('2026-11-20 09:10');
  const failed = await desk.end('morning_data_collection', 'fails');
  expect((await desk.last('ai_analysis')).reason.code).toBe('upstream_failed');
  await perform(database.db, system, rerunRun, 'mock', { run_id: failed });
  await desk.end('morning_data_collection', 'succeeds');
  await desk.end('ai_analysis', 'succeeds');
  expect((await desk.runsOf('ai_analysis')).map((run) => run.state)).toEqual(['succeeded']);

  const edges = await edgesOf(database.db, 'mock');
  const closing = { upstream: 'daily_report', downstream: 'morning_data_collection', kind: 'gate' };
  const path = cycleOf(edges, closing);
  expect(path).toEqual([
    'daily_report',
    'morning_data_collection',
    'ai_analysis',
    'market_monitoring',
    'daily_settlement',
    'daily_report',
  ]);
  await expect(
    perform(database.db, system, editGraph, 'mock', { edges: [...edges, closing] }),
  ).rejects.toThrow('close a cycle');
});
