import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { UsersPage } from '#components/access/users-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('settings.users');
  return { title: t('title') };
}

export default async function Page() {
  await requirePageAccess(null, 'users.manage');
  return <UsersPage />;
}
