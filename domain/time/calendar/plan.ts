import type { DayName } from './names.ts';

export const phaseNames = [
  'pre_open',
  'opening_auction',
  'continuous',
  'closing_auction',
  'post_close',
  'single_price',
  'after_market',
] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Where a day's hours come from: the table, a rule, or an exception that somebody entered. */
export type DaySource = 'table' | 'rule' | 'exception';

/** A day's hours in minutes after its midnight in the calendar's zone; a session past midnight goes beyond 1,440. */
export interface OpenPlan {
  readonly kind: 'open';
  readonly open: number;
  readonly continuousClose: number;
  readonly close: number;
  readonly phases: readonly { readonly name: PhaseName; readonly from: number; readonly to: number }[];
  /** Why the hours are not the usual ones; null on an ordinary day. */
  readonly name: DayName | null;
  readonly source: DaySource;
  readonly projected: boolean;
}

export interface ClosedPlan {
  readonly kind: 'closed';
  readonly name: DayName;
  /** Closed on this weekday every week. */
  readonly weekly: boolean;
  readonly source: DaySource;
  readonly projected: boolean;
}
export type DayPlan = OpenPlan | ClosedPlan;
