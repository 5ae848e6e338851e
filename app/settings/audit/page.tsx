import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { AuditPage } from '#components/access/audit-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('settings.audit');
  return { title: t('title') };
}

export default async function Page() {
  await requirePageAccess(null, 'audit.view');
  return <AuditPage />;
}
