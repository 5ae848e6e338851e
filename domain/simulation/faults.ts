import type { Side } from '#domain/orders/broker-order.ts';
import { type BrokerFaults, type FaultKind, faultKind } from './config.ts';
import { mix, unit } from './random.ts';

export type SendAction = 'place' | 'revise' | 'cancel';

export interface Fault {
  readonly kind: FaultKind;
  /** Reason of a reject; null: the broker's own. */
  readonly code: string | null;
}

/** The fault that a send meets, and the faults that are left afterwards: planned ones first, then chance. */
export function faultOf(
  faults: BrokerFaults,
  seed: number,
  request: number,
  send: { readonly action: SendAction; readonly symbol: string; readonly side: Side | null },
): { readonly fault: Fault | null; readonly left: BrokerFaults } {
  const index = faults.planned.findIndex(
    ({ on, symbol, side }) =>
      (on === 'any' || on === send.action) &&
      (symbol === null || symbol === send.symbol) &&
      (side === null || side === send.side),
  );
  const planned = faults.planned[index];
  if (planned !== undefined) {
    const rest = planned.times > 1 ? [{ ...planned, times: planned.times - 1 }] : [];
    const left = faults.planned.toSpliced(index, 1, ...rest);
    return { fault: { kind: planned.kind, code: planned.code }, left: { ...faults, planned: left } };
  }
  let draw = unit(mix(seed ^ 0x51ed270b, request));
  for (const kind of faultKind.options) {
    draw -= faults.chances[kind];
    if (draw < 0) return { fault: { kind, code: null }, left: faults };
  }
  return { fault: null, left: faults };
}

/** Whether a query of this number brings no answer. */
export function queryFails(faults: BrokerFaults, seed: number, request: number): boolean {
  return unit(mix(seed ^ 0x2545f491, request)) < faults.chances.query;
}
