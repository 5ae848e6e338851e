'use client';

import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';

/** A page that failed: what to do next, and the reference under which the log has it. */
export default function PageError({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const t = useTranslations('errors.page');
  const common = useTranslations('common');
  useEffect(() => console.error(error), [error]);
  const digest =
    error instanceof Error && 'digest' in error && typeof error.digest === 'string' ? error.digest : null;
  return (
    <div role="alert" className="grid min-h-[60vh] place-items-center p-6">
      <div className="flex max-w-md flex-col items-start gap-2">
        <h1 className="text-lg font-semibold">{t('failed_title')}</h1>
        <p className="text-sm text-ink-2">{t('failed_text')}</p>
        {digest === null ? null : <p className="font-mono text-xs text-ink-3">{t('digest', { digest })}</p>}
        <Button variant="primary" className="mt-2" onClick={retry}>
          {common('retry')}
        </Button>
      </div>
    </div>
  );
}
