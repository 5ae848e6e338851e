import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { isSetUp } from '#app/_server/actor.ts';
import { readPreferences, serverTranslator } from '#app/_server/locale.ts';
import { currentViewer } from '#app/_server/viewer.ts';
import { CardPage } from '#components/access/card-page.tsx';
import { SignInForm } from '#components/access/sign-in-form.tsx';
import { nextPath } from '#domain/access/next-path.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('signIn');
  return { title: t('title') };
}

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** Open to all; leads on to the page that was asked for. */
export default async function SignInPage({ searchParams }: Props) {
  if (!(await isSetUp())) redirect('/setup');
  const { next: wanted } = await searchParams;
  const next = nextPath(typeof wanted === 'string' ? wanted : null);
  if ((await currentViewer()) !== null) redirect(next);
  const t = await serverTranslator('signIn');
  return (
    <CardPage title={t('title')} lead={t('lead')} preferences={await readPreferences()}>
      <SignInForm next={next} />
    </CardPage>
  );
}
