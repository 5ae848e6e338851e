import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { getRun } from '#db/runs/queries.ts';
import { allows } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { db } from '#app/_server/db.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { runKey } from '#components/runs/queries.ts';
import { RunPage } from '#components/runs/run-page.tsx';

interface Props {
  readonly params: Promise<{ scope: string; run_id: string }>;
}

/** The run with all that is shown of it, read once for the page and its title. */
const readRun = cache(async (scope: string, runId: string) => {
  const { actor } = await requirePageAccess(scope, 'runs.view');
  const run = await getRun(db(), scope, runId).catch((error: unknown) => {
    if (error instanceof Problem && error.kind === 'not_found') notFound();
    throw error;
  });
  return { run, mayControl: allows(actor, 'runs.control', scope) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { scope, run_id } = await params;
  const { run } = await readRun(scope, run_id);
  return { title: `${run.job_id} · ${run_id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { scope, run_id } = await params;
  const { run, mayControl } = await readRun(scope, run_id);
  const client = makeQueryClient();
  client.setQueryData(runKey(scope, run.run_id), run);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunPage scope={scope} runId={run.run_id} mayControl={mayControl} />
    </HydrationBoundary>
  );
}
