import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { serverTranslator } from '#app/_server/locale.ts';
import { JobsList } from '#components/jobs/list/jobs-list.tsx';
import { jobFilters } from '#components/jobs/list/filters.ts';
import { jobsListData } from '../data.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const load = createLoader(jobFilters);

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('jobs.list');
  return { title: t('title') };
}

export default async function JobsPage({ params, searchParams }: Props) {
  const [{ scope }, filter] = await Promise.all([params, load(searchParams)]);
  return (
    <HydrationBoundary state={await jobsListData(scope, filter)}>
      <JobsList scope={scope} />
    </HydrationBoundary>
  );
}
