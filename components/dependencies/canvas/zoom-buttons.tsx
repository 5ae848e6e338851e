'use client';

import { Maximize, Minus, Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { Viewport } from '#components/dependencies/canvas/use-viewport.ts';

/** Nearer, farther, everything. */
export function ZoomButtons({ view }: { readonly view: Viewport }) {
  const t = useTranslations('dependencies.canvas');
  return (
    <div className="absolute top-2 right-2 z-10 flex flex-col gap-1 rounded-md border border-hairline bg-surface p-0.5">
      <IconButton label={t('zoom_in')} keys="+" onClick={() => view.zoom('in')}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton label={t('zoom_out')} keys="-" onClick={() => view.zoom('out')}>
        <Minus aria-hidden />
      </IconButton>
      <IconButton label={t('fit')} keys="0" onClick={view.fit}>
        <Maximize aria-hidden />
      </IconButton>
    </div>
  );
}
