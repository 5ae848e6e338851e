import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { JobPage } from '#components/jobs/page/job-page.tsx';
import { jobPageData } from '../data.ts';

interface Props {
  readonly params: Promise<{ scope: string; job_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).job_id };
}

export default async function Page({ params }: Props) {
  const { scope, job_id: jobId } = await params;
  return (
    <HydrationBoundary state={await jobPageData(scope, jobId)}>
      <JobPage scope={scope} jobId={jobId} />
    </HydrationBoundary>
  );
}
