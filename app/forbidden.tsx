import Link from 'next/link';
import { serverTranslator } from '#app/_server/locale.ts';
import { Button } from '#components/ui/button.tsx';

export default async function Forbidden() {
  const t = await serverTranslator('errors.page');
  return (
    <div className="grid min-h-[60vh] place-items-center p-6">
      <div className="flex max-w-md flex-col items-start gap-2">
        <p className="text-xs text-ink-3">403</p>
        <h1 className="text-lg font-semibold">{t('forbidden_title')}</h1>
        <p className="text-sm text-ink-2">{t('forbidden_text')}</p>
        <Button asChild className="mt-2">
          <Link href="/">{t('home')}</Link>
        </Button>
      </div>
    </div>
  );
}
