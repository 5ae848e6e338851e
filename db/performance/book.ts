import { asc, eq } from 'drizzle-orm';
import { type Decimal, decimal } from '#domain/core/decimal.ts';
import type { AccountHistory } from '#domain/performance/fold.ts';
import { type Calendar, alwaysCalendar } from '#domain/time/calendar/calendar.ts';
import { accounts } from '#db/accounts/schema.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { traders } from '#db/traders/schema.ts';
import { readHistory } from './ledger.ts';
import type { PriceSource } from './prices.ts';

/** A trader as performance sees it. */
export interface TraderFacts {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly strategy: string;
  /** What it works with: the money of one position. */
  readonly capital: Decimal;
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
}

/** An account with its history and whose prices it is valued at. */
export interface AccountFacts {
  readonly id: string;
  readonly name: string;
  readonly calendar: Calendar;
  readonly source: PriceSource;
  readonly history: AccountHistory;
}

/** The traders of a scope, the deleted ones too. */
export async function traderFacts(q: Queryable, scope: string): Promise<TraderFacts[]> {
  const rows = await q
    .select({
      id: traders.id,
      account: traders.account,
      definition: traders.definition,
      createdAt: traders.createdAt,
      deletedAt: traders.deletedAt,
    })
    .from(traders)
    .where(eq(traders.scope, scope))
    .orderBy(asc(traders.id));
  return rows.map(({ definition, ...row }) => ({
    ...row,
    name: definition.name,
    strategy: definition.strategy,
    capital: decimal(definition.rules.capital_per_position),
  }));
}

/** The accounts of a scope with what their entries come to. @param through only of trading days up to this one. */
export async function accountFacts(
  q: Queryable,
  scope: string,
  through: string | null = null,
): Promise<AccountFacts[]> {
  const rows = await q.select().from(accounts).where(eq(accounts.scope, scope)).orderBy(asc(accounts.id));
  if (rows.length === 0) return [];
  const calendars = await loadCalendars(q, scope);
  return Promise.all(
    rows.map(async ({ id, number, name, calendar, venue, feed }) => ({
      id,
      name,
      calendar: calendars.find(calendar) ?? alwaysCalendar(calendar),
      source: { venue, source: feed },
      history: await readHistory(q, { scope, account: id, number }, through),
    })),
  );
}

export function symbolsHeld(history: AccountHistory): string[] {
  return [...new Set(history.lots.map(({ symbol }) => symbol))];
}
