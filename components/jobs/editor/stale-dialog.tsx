'use client';

import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { compareDefinitions } from '#domain/jobs/definition.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { DefinitionChanges } from '#components/jobs/definition-changes.tsx';

interface StaleDialogProps {
  /** As it was opened. */
  readonly base: JobView;
  /** As somebody else saved it meanwhile. */
  readonly latest: JobView;
  readonly saving: boolean;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
  readonly onClose: () => void;
}

/** Shows what changed while the form was open, and lets the reader take it or save over it. */
export function StaleDialog({ base, latest, saving, onReload, onOverwrite, onClose }: StaleDialogProps) {
  const t = useTranslations('jobs.stale');
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className="w-[min(44rem,calc(100vw-2rem))]"
      title={t('title')}
      description={t('text', { opened: base.version, current: latest.version })}
      footer={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button onClick={onReload}>{t('reload')}</Button>
          <Button variant="primary" busy={saving} onClick={onOverwrite}>
            {t('overwrite')}
          </Button>
        </>
      }
    >
      <DefinitionChanges
        changes={compareDefinitions(base, latest)}
        beforeLabel={t('opened', { version: base.version })}
        afterLabel={t('current', { version: latest.version })}
      />
      <p className="mt-3 text-xs text-ink-3">{t('overwrite_hint')}</p>
    </Dialog>
  );
}
