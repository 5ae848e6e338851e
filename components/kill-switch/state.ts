import type { ControlLevel, ControlView, ControlsView, SwitchAction } from '#domain/accounts/control.ts';

/**
 * How a switch stands, in one word:
 * - `flattening`: everything is being sold. - `flattened`: it has been, and nothing is sent.
 */
export type SwitchState = 'running' | 'entries_stopped' | 'stopped' | 'flattening' | 'flattened';

export function stateOf({
  mode,
  flatten,
  carried_out_at,
}: Pick<ControlView, 'mode' | 'flatten' | 'carried_out_at'>): SwitchState {
  if (!flatten) return mode;
  return carried_out_at === null ? 'flattening' : 'flattened';
}

/** Whether it is set but nobody can carry it out: no process holds the gateway of some account. */
export function isWaiting(
  control: Pick<ControlView, 'mode' | 'flatten' | 'carried_out_at'>,
  gatewaysLive: boolean,
): boolean {
  const asks = control.flatten || control.mode !== 'running';
  return asks && control.carried_out_at === null && !gatewaysLive;
}

/** What may be asked of a switch that stands so, the gravest last. */
export function actionsFor(state: SwitchState): readonly SwitchAction[] {
  switch (state) {
    case 'running':
      return ['stop_entries', 'stop', 'flatten'];
    case 'entries_stopped':
      return ['resume', 'stop', 'flatten'];
    case 'stopped':
      return ['resume', 'flatten'];
    case 'flattening':
    case 'flattened':
      return ['resume'];
  }
}

/** The switch of an account or trader; those that simply run are not listed. */
export function switchOf(controls: ControlsView, level: ControlLevel, subject: string): SwitchState {
  if (level === 'scope') return stateOf(controls.scope);
  const own = controls.others.find((each) => each.level === level && each.subject === subject);
  return own === undefined ? 'running' : stateOf(own);
}
