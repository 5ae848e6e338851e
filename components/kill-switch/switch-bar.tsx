'use client';

import { useQuery } from '@tanstack/react-query';
import { OctagonPause } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ControlsView } from '#domain/accounts/control.ts';
import { useShortcut } from '#components/shell/shortcuts.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Popover } from '#components/ui/popover.tsx';
import { useKillSwitch } from '#components/kill-switch/provider.tsx';
import { controlsQuery } from '#components/kill-switch/queries.ts';
import { type SwitchState, isWaiting, stateOf } from '#components/kill-switch/state.ts';
import { SwitchIcon, switchTone } from '#components/kill-switch/switch-mark.tsx';
import { SwitchPanel } from '#components/kill-switch/switch-panel.tsx';

/** The kill switch in the bar of every page of a scope: how it stands, and one press that stops entries. */
export function KillSwitchBar({ scope }: { readonly scope: string }) {
  const sees = useMay('orders.view');
  return sees ? <Bar scope={scope} /> : null;
}

function Bar({ scope }: { readonly scope: string }) {
  const t = useTranslations('kill_switch');
  const { may, ask } = useKillSwitch();
  const { data } = useQuery(controlsQuery(scope));
  const [open, setOpen] = useState(false);
  const state = data === undefined ? null : stateOf(data.scope);
  const stopEntries = () => ask({ level: 'scope', subject: scope }, 'stop_entries');
  useShortcut('s e', stopEntries, {
    label: t('shortcut.stop_entries'),
    group: 'general',
    enabled: may && state === 'running',
  });
  useShortcut('s k', () => setOpen(true), { label: t('shortcut.open'), group: 'general' });
  return (
    <>
      {may && state === 'running' ? (
        <Button
          variant="danger-ghost"
          size="sm"
          className="border-danger/30 px-2 max-md:min-w-11"
          title={t('means.stop_entries')}
          aria-label={t('act.stop_entries')}
          onClick={stopEntries}
        >
          <OctagonPause aria-hidden />
          <span className="max-md:hidden">{t('act.stop_entries')}</span>
        </Button>
      ) : null}
      <Popover
        align="end"
        label={t('title')}
        open={open}
        onOpenChange={setOpen}
        className="w-88 p-0"
        trigger={<StateButton data={data} state={state} />}
      >
        {data === undefined ? null : (
          <SwitchPanel scope={scope} controls={data} onDone={() => setOpen(false)} />
        )}
      </Popover>
    </>
  );
}

interface StateButtonProps extends React.ComponentProps<'button'> {
  readonly data: ControlsView | undefined;
  readonly state: SwitchState | null;
}

/** The state at a glance; anything but running shows its word on a phone too. */
function StateButton({ data, state, ...rest }: StateButtonProps) {
  const t = useTranslations('kill_switch');
  if (data === undefined || state === null)
    return (
      <Button
        variant="ghost"
        size="sm"
        aria-label={t('label_loading')}
        className="px-2 max-md:min-w-11"
        {...rest}
      >
        <SwitchIcon state="running" className="opacity-40" />
      </Button>
    );
  const waiting = isWaiting(data.scope, data.gateways_live);
  const parts = data.others.length;
  const word = waiting
    ? t('state_waiting', { state: t(`state.${state}`) })
    : state === 'running' && parts > 0
      ? t('partly', { count: parts })
      : t(`state.${state}`);
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-label={t('label', { state: word })}
      className={cn(
        'px-2 max-md:min-w-11',
        state === 'entries_stopped' && 'bg-warning-tint',
        (state === 'stopped' || state === 'flattening' || state === 'flattened') && 'bg-danger-tint',
        switchTone(state === 'running' && parts > 0 ? 'entries_stopped' : state),
      )}
      {...rest}
    >
      <SwitchIcon state={state} className={state === 'flattening' ? 'animate-pulse-soft' : undefined} />
      <span className={cn(state === 'running' && 'max-lg:hidden', 'max-[26rem]:max-w-20 max-md:truncate')}>
        {word}
      </span>
    </Button>
  );
}
