import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { JobEditor } from '#components/jobs/editor/job-editor.tsx';
import { jobEditorData } from '../../data.ts';

interface Props {
  readonly params: Promise<{ scope: string; job_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await serverTranslator('jobs.editor');
  return { title: t('edit_title', { job: (await params).job_id }) };
}

export default async function EditJobPage({ params }: Props) {
  const { scope, job_id: jobId } = await params;
  const { job, groups } = await jobEditorData(scope, jobId);
  return <JobEditor scope={scope} job={job} groups={groups} />;
}
