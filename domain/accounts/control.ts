import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import type { ControlMode } from '#domain/risk/check.ts';

export const controlLevel = z.enum(['scope', 'account', 'trader']);
export type ControlLevel = z.output<typeof controlLevel>;
const controlMode = z.enum(['running', 'entries_stopped', 'stopped']) satisfies z.ZodType<ControlMode>;

const severity: Readonly<Record<ControlMode, number>> = { running: 0, entries_stopped: 1, stopped: 2 };

export interface Control {
  readonly mode: ControlMode;
  readonly flatten: boolean;
}

/** Of the switches over an order the strictest counts; one that asks to flatten is enough. */
export function strictest(controls: readonly Control[]): Control {
  return controls.reduce<Control>(
    (worst, each) => ({
      mode: severity[each.mode] > severity[worst.mode] ? each.mode : worst.mode,
      flatten: worst.flatten || each.flatten,
    }),
    { mode: 'running', flatten: false },
  );
}

/**
 * - `stop_entries`: nothing is opened; positions are still managed. - `stop`: nothing is sent at all but cancels.
 * - `flatten`: entries are cancelled and everything is sold. - `resume`: as before.
 */
export const switchAction = z.enum(['stop_entries', 'stop', 'flatten', 'resume']);
export type SwitchAction = z.output<typeof switchAction>;

/** What an action makes of a switch. A flatten works through a stop, so it never waits for one to be lifted. */
export const afterAction: Readonly<Record<SwitchAction, Control>> = {
  stop_entries: { mode: 'entries_stopped', flatten: false },
  stop: { mode: 'stopped', flatten: false },
  flatten: { mode: 'stopped', flatten: true },
  resume: { mode: 'running', flatten: false },
};

export const switchInput = z.strictObject({
  level: controlLevel.default('scope'),
  subject: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe("The account's or trader's id; for the scope it may be left out."),
  action: switchAction,
  reason: z.string().trim().max(500).default(''),
  confirm: z
    .string()
    .max(40)
    .optional()
    .describe("In a real scope `flatten` and `resume` ask for the scope's name here."),
  password: z
    .string()
    .max(200)
    .optional()
    .describe('And, of a person, for their password. An API key is its own proof.'),
});
export type SwitchInput = z.output<typeof switchInput>;

/** Whether an action must be proven once more: it moves real money at once, or lets it move again. */
export function asksProof(action: SwitchAction, scopeKind: 'real' | 'mock' | 'rehearsal'): boolean {
  return scopeKind === 'real' && (action === 'flatten' || action === 'resume');
}

export const controlView = z.object({
  level: controlLevel,
  subject: z.string(),
  mode: controlMode,
  flatten: z.boolean(),
  reason: z.string().nullable(),
  actor: z.string().nullable(),
  at: instantText.nullable().describe('Scope time of the last change.'),
  version: z.number().int(),
  carried_out_at: instantText
    .nullable()
    .describe('When what it asks had been done; null while it is not, or when nothing is asked.'),
});
export type ControlView = z.output<typeof controlView>;

export const controlsView = z.object({
  now: instantText.describe('Scope time of this answer.'),
  scope: controlView,
  /** Of accounts and traders, those that are not simply running. */
  others: z.array(controlView),
  gateways_live: z
    .boolean()
    .describe('Whether every account with a broker has a process that can send for it.'),
  open_orders: z.number().int(),
  positions: z.number().int().describe('Symbols held.'),
  traders: z.number().int().describe('Traders that are started.'),
});
export type ControlsView = z.output<typeof controlsView>;
