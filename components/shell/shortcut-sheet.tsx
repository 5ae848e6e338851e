'use client';

import { useTranslations } from 'use-intl';
import { Dialog } from '#components/ui/dialog.tsx';
import { Kbd, useModifierKey } from '#components/ui/kbd.tsx';
import { useBoundShortcuts } from '#components/shell/shortcuts.tsx';
import type { Shortcut, ShortcutGroup } from '#components/shell/shortcuts.tsx';

const groups: readonly ShortcutGroup[] = ['general', 'go', 'list', 'page'];

/** All keys that do something on this page. */
export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations('shell.shortcuts');
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} description={t('hint')}>
      <BoundKeys />
    </Dialog>
  );
}

function BoundKeys() {
  const t = useTranslations('shell.shortcuts');
  const modifier = useModifierKey();
  const palette: Shortcut = { keys: `${modifier} K`, label: t('palette'), group: 'general' };
  const all = [palette, ...useBoundShortcuts()];
  return (
    <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
      {groups.map((group) => {
        const shown = all.filter((shortcut) => shortcut.group === group);
        if (shown.length === 0) return null;
        return (
          <section key={group}>
            <h3 className="pb-1 text-2xs font-medium text-ink-3">{t(group)}</h3>
            <dl>
              {shown.map((shortcut) => (
                <div key={shortcut.keys} className="flex h-7 items-center justify-between gap-4">
                  <dt className="truncate text-sm">{shortcut.label}</dt>
                  <dd>
                    <Kbd keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}
