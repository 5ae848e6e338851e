import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { isSetUp } from '#app/_server/actor.ts';
import { readPreferences, serverTranslator } from '#app/_server/locale.ts';
import { CardPage } from '#components/access/card-page.tsx';
import { Setup } from '#components/access/setup-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('setup');
  return { title: t('title') };
}

/** The only page before there is an owner; afterwards it leads to signing in. */
export default async function SetupPage() {
  if (await isSetUp()) redirect('/sign-in');
  const t = await serverTranslator('setup');
  return (
    <CardPage title={t('title')} preferences={await readPreferences()}>
      <Setup />
    </CardPage>
  );
}
