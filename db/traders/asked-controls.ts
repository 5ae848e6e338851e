import { and, eq, inArray, isNotNull, isNull, notInArray, or } from 'drizzle-orm';
import type { ControlLevel } from '#domain/accounts/control.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import type { ControlMode } from '#domain/risk/check.ts';
import { controls } from '#db/accounts/schema.ts';
import type { Queryable } from '#db/core/client.ts';
import { orders } from '#db/orders/schema.ts';
import { traders } from './schema.ts';

/** A switch whose wish is not carried out yet. */
export interface AskedControl {
  readonly level: ControlLevel;
  readonly subject: string;
  readonly mode: ControlMode;
  readonly flatten: boolean;
  readonly actor: string | null;
  readonly version: number;
}

/** The switches of a scope that ask for something and are not carried out. */
export async function askedControls(q: Queryable, scope: string): Promise<readonly AskedControl[]> {
  return q
    .select({
      level: controls.level,
      subject: controls.subject,
      mode: controls.mode,
      flatten: controls.flatten,
      actor: controls.actorName,
      version: controls.version,
    })
    .from(controls)
    .where(
      and(
        eq(controls.scope, scope),
        isNotNull(controls.at),
        isNull(controls.carriedOutAt),
        or(eq(controls.flatten, true), inArray(controls.mode, ['entries_stopped', 'stopped'])),
      ),
    );
}

/** The traders under a switch. */
export async function tradersUnder(
  q: Queryable,
  scope: string,
  { level, subject }: Pick<AskedControl, 'level' | 'subject'>,
): Promise<readonly string[]> {
  const rows = await q
    .select({ id: traders.id })
    .from(traders)
    .where(
      and(
        eq(traders.scope, scope),
        isNull(traders.deletedAt),
        level === 'account' ? eq(traders.account, subject) : undefined,
        level === 'trader' ? eq(traders.id, subject) : undefined,
      ),
    );
  return rows.map(({ id }) => id);
}

export interface OpenEntry {
  readonly trader: string;
  readonly seq: number;
  readonly asked: boolean;
}

/** Orders under a switch that are not over. */
export async function openOrdersUnder(
  q: Queryable,
  scope: string,
  { level, subject }: Pick<AskedControl, 'level' | 'subject'>,
): Promise<readonly (OpenEntry & { readonly entry: boolean })[]> {
  const rows = await q
    .select({ trader: orders.trader, seq: orders.seq, purpose: orders.purpose, wanted: orders.wanted })
    .from(orders)
    .where(
      and(
        eq(orders.scope, scope),
        notInArray(orders.state, [...endedOrderStates]),
        level === 'account' ? eq(orders.account, subject) : undefined,
        level === 'trader' ? eq(orders.trader, subject) : undefined,
      ),
    );
  return rows.map(({ trader, seq, purpose, wanted }) => ({
    trader,
    seq,
    entry: purpose === 'entry',
    asked: wanted?.kind === 'cancel',
  }));
}
