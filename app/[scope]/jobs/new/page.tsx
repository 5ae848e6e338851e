import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { JobEditor } from '#components/jobs/editor/job-editor.tsx';
import { jobEditorData } from '../data.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('jobs.editor');
  return { title: t('new_title') };
}

export default async function NewJobPage({ params }: { readonly params: Promise<{ scope: string }> }) {
  const { scope } = await params;
  const { groups } = await jobEditorData(scope, null);
  return <JobEditor scope={scope} job={null} groups={groups} />;
}
