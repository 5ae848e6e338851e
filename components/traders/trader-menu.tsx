'use client';

import { EllipsisVertical, OctagonMinus, Pause, Pencil, Play, RotateCcw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '#components/ui/dropdown-menu.tsx';
import { SwitchItems } from '#components/kill-switch/switch-items.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { ActDialog, type TraderVerb, verbsOf } from './act-dialogs.tsx';
import { traderHref } from './queries.ts';

export const verbIcons = {
  start: Play,
  stop: Pause,
  halt: OctagonMinus,
  resume: RotateCcw,
  delete: Trash2,
} as const;

/** What can be done with one trader. */
export function TraderMenu({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.act');
  const common = useTranslations('common');
  const kill = useTranslations('kill_switch');
  const router = useRouter();
  const may = useMay('traders.control');
  const [verb, setVerb] = useState<TraderVerb | null>(null);
  if (!may) return null;
  return (
    <span data-no-open>
      <Menu
        trigger={
          <Button size="icon-sm" variant="ghost" aria-label={t('of', { trader: trader.trader_id })}>
            <EllipsisVertical aria-hidden />
          </Button>
        }
      >
        {verbsOf(trader)
          .filter((each) => each !== 'delete')
          .map((each) => {
            const Icon = verbIcons[each];
            return (
              <MenuItem key={each} danger={each === 'halt'} onSelect={() => setVerb(each)}>
                <Icon aria-hidden />
                {t(each)}
              </MenuItem>
            );
          })}
        <MenuItem onSelect={() => router.push(traderHref.edit(trader.scope, trader.trader_id))}>
          <Pencil aria-hidden />
          {common('edit')}
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{kill('title')}</MenuLabel>
        <SwitchItems level="trader" subject={trader.trader_id} />
        <MenuSeparator />
        <MenuItem danger onSelect={() => setVerb('delete')}>
          <Trash2 aria-hidden />
          {t('delete')}
        </MenuItem>
      </Menu>
      {verb === null ? null : (
        <ActDialog scope={trader.scope} trader={trader} verb={verb} onClose={() => setVerb(null)} />
      )}
    </span>
  );
}
