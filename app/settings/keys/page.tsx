import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { KeysPage } from '#components/access/keys-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('settings.keys');
  return { title: t('title') };
}

export default async function Page() {
  await requirePageAccess(null, 'keys.manage');
  return <KeysPage />;
}
