import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { requireViewer } from '#app/_server/viewer.ts';
import { SignInsPage } from '#components/access/sign-ins-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('settings.sign_ins');
  return { title: t('title') };
}

export default async function Page() {
  await requireViewer();
  return <SignInsPage />;
}
