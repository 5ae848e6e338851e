'use client';

import { useQuery } from '@tanstack/react-query';
import { OctagonPause, OctagonX, Play, TrendingDown } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { SwitchAction } from '#domain/accounts/control.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuItem, MenuLabel } from '#components/ui/dropdown-menu.tsx';
import { useKillSwitch } from '#components/kill-switch/provider.tsx';
import { type SwitchTarget, controlsQuery } from '#components/kill-switch/queries.ts';
import { actionsFor, switchOf } from '#components/kill-switch/state.ts';
import { SwitchIcon } from '#components/kill-switch/switch-mark.tsx';

export const switchIcons: Record<SwitchAction, typeof Play> = {
  stop_entries: OctagonPause,
  stop: OctagonX,
  flatten: TrendingDown,
  resume: Play,
};

/** Entries of a row's menu that throw the switch of an account or trader; none for those who may not. */
export function SwitchItems({ level, subject }: SwitchTarget) {
  const t = useTranslations('kill_switch');
  const { scope } = useFrame();
  const { may, ask } = useKillSwitch();
  const { data } = useQuery({ ...controlsQuery(scope?.name ?? ''), enabled: scope !== null });
  if (!may || data === undefined) return null;
  return (
    <>
      {actionsFor(switchOf(data, level, subject)).map((action) => {
        const Icon = switchIcons[action];
        return (
          <MenuItem
            key={action}
            danger={action === 'flatten'}
            onSelect={() => ask({ level, subject }, action)}
          >
            <Icon aria-hidden />
            {t(`act.${action}`)}
            {action === 'stop_entries' ? '' : '…'}
          </MenuItem>
        );
      })}
    </>
  );
}

/** A button on a row of an account or trader that opens its switch. */
export function SwitchMenu({ level, subject }: SwitchTarget) {
  const t = useTranslations('kill_switch');
  const { scope } = useFrame();
  const { may } = useKillSwitch();
  const { data } = useQuery({ ...controlsQuery(scope?.name ?? ''), enabled: scope !== null });
  if (!may || data === undefined) return null;
  const state = switchOf(data, level, subject);
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          size="icon-sm"
          title={t('of', { subject })}
          aria-label={`${t('of', { subject })}: ${t(`state.${state}`)}`}
        >
          <SwitchIcon state={state} />
        </Button>
      }
    >
      <MenuLabel>{t('of', { subject })}</MenuLabel>
      <SwitchItems level={level} subject={subject} />
    </Menu>
  );
}
