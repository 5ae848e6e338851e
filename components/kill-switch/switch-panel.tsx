'use client';

import { useTranslations } from 'use-intl';
import type { ControlView, ControlsView, SwitchAction } from '#domain/accounts/control.ts';
import { Button } from '#components/ui/button.tsx';
import { Time } from '#components/ui/time.tsx';
import { useKillSwitch } from '#components/kill-switch/provider.tsx';
import type { SwitchTarget } from '#components/kill-switch/queries.ts';
import { actionsFor, isWaiting, stateOf } from '#components/kill-switch/state.ts';
import { SwitchMark } from '#components/kill-switch/switch-mark.tsx';

interface SwitchPanelProps {
  readonly scope: string;
  readonly controls: ControlsView;
  /** Called when something was pressed. */
  readonly onDone: () => void;
}

/** How the switch stands, since when and by whom, what it is over, and what can be done. */
export function SwitchPanel({ scope, controls, onDone }: SwitchPanelProps) {
  const t = useTranslations('kill_switch');
  const { may, ask } = useKillSwitch();
  const own = controls.scope;
  const state = stateOf(own);
  const press = (target: SwitchTarget, action: SwitchAction) => {
    onDone();
    ask(target, action);
  };
  return (
    <div className="flex flex-col text-sm">
      <div className="flex flex-col gap-1.5 p-3">
        <p className="flex items-center justify-between gap-3">
          <span className="font-semibold">{t('title')}</span>
          <SwitchMark state={state} />
        </p>
        <p className="text-ink-2">{t(`state_means.${state}`)}</p>
        {isWaiting(own, controls.gateways_live) ? (
          <output className="rounded-md bg-warning-tint px-2 py-1.5 text-warning">
            <strong className="font-semibold">{t('waiting')}</strong> {t('waiting_text')}
          </output>
        ) : null}
        <SetBy control={own} />
        <p className="text-xs text-ink-3">
          {t('over', {
            traders: controls.traders,
            orders: controls.open_orders,
            positions: controls.positions,
          })}
        </p>
      </div>
      {may ? (
        <div className="flex flex-col gap-1.5 border-t border-hairline p-3">
          {actionsFor(state).map((action) => (
            <Press
              key={action}
              action={action}
              onPress={() => press({ level: 'scope', subject: scope }, action)}
            />
          ))}
        </div>
      ) : (
        <p className="border-t border-hairline p-3 text-xs text-ink-3">{t('may_not')}</p>
      )}
      {controls.others.length === 0 ? null : (
        <ul className="max-h-56 divide-y divide-hairline overflow-y-auto border-t border-hairline">
          {controls.others.map((each) => (
            <li key={`${each.level}/${each.subject}`} className="flex items-center gap-2 px-3 py-2">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{each.subject}</span>
                <span className="flex items-center gap-2 text-xs text-ink-3">
                  {t(`level.${each.level}`)} <SwitchMark state={stateOf(each)} />
                </span>
              </span>
              {may ? (
                <Button
                  size="sm"
                  aria-label={`${t('act.resume')}: ${each.subject}`}
                  onClick={() => press({ level: each.level, subject: each.subject }, 'resume')}
                >
                  {t('act.resume')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** One action with what it means: nobody should have to remember. */
function Press({ action, onPress }: { readonly action: SwitchAction; readonly onPress: () => void }) {
  const t = useTranslations('kill_switch');
  return (
    <div className="flex flex-col gap-0.5">
      <Button
        variant={action === 'flatten' ? 'danger' : action === 'resume' ? 'primary' : 'secondary'}
        className="w-full"
        onClick={onPress}
      >
        {t(`act.${action}`)}
        {action === 'stop_entries' ? null : '…'}
      </Button>
      <p className="text-xs text-ink-3">{t(`means.${action}`)}</p>
    </div>
  );
}

function SetBy({ control }: { readonly control: ControlView }) {
  const t = useTranslations('kill_switch');
  if (control.at === null) return null;
  return (
    <p className="text-xs text-ink-2">
      {t('set_by', { actor: control.actor ?? '–' })} <Time at={control.at} className="text-ink-3" />
      {control.reason === null ? null : (
        <span className="block [overflow-wrap:anywhere]">“{control.reason}”</span>
      )}
    </p>
  );
}
