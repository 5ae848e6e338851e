import { and, eq } from 'drizzle-orm';
import { accountLimits, riskLimitsOf } from '#domain/accounts/account.ts';
import { notFound } from '#domain/core/errors.ts';
import { type Calendar, calendarDay } from '#domain/time/calendar/calendar.ts';
import {
  type Costs,
  type FeeContract,
  type TradedAmount,
  costsOf,
  feeContract,
  feesOn,
  saleTaxOn,
  settlementDay,
  usualFees,
} from '#domain/market/costs.ts';
import { type Instrument, type Venue, instrument } from '#domain/market/instrument.ts';
import type { RiskLimits } from '#domain/risk/check.ts';
import type { Queryable } from '#db/core/client.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import { instruments } from '#db/market/schema.ts';
import { accounts } from './schema.ts';

export type AccountRow = typeof accounts.$inferSelect;

/** An account with what its orders and books are reckoned by. */
export interface AccountTerms {
  readonly row: AccountRow;
  readonly calendar: Calendar;
  /** Oldest first. */
  readonly contracts: readonly [FeeContract, ...FeeContract[]];
  readonly limits: RiskLimits;
}

function contractsOf(row: AccountRow): AccountTerms['contracts'] {
  const [first, ...rest] = row.fees.map((contract) => feeContract.parse(contract));
  return first === undefined ? [usualFees[row.venue]] : [first, ...rest];
}

/** @throws Problem 404 for an unknown account; RangeError when its calendar is gone. */
export async function accountTerms(q: Queryable, scope: string, account: string): Promise<AccountTerms> {
  const [[row], calendars] = await Promise.all([
    q
      .select()
      .from(accounts)
      .where(and(eq(accounts.scope, scope), eq(accounts.id, account))),
    loadCalendars(q, scope),
  ]);
  if (row === undefined) throw notFound('account', account);
  const calendar = calendars.find(row.calendar);
  if (calendar === null) throw new RangeError(`The calendar ${row.calendar} of ${account} is gone.`);
  const limits = riskLimitsOf(accountLimits.parse(row.limits));
  return { row, calendar, contracts: contractsOf(row), limits };
}

/** One instrument as its account's feed knows it; null when it does not. */
export async function instrumentOf(
  q: Queryable,
  venue: Venue,
  source: string,
  symbol: string,
): Promise<Instrument | null> {
  const [row] = await q
    .select({ definition: instruments.definition })
    .from(instruments)
    .where(and(eq(instruments.venue, venue), eq(instruments.source, source), eq(instruments.symbol, symbol)));
  return row === undefined ? null : instrument.parse(row.definition);
}

/** The trading day that a fill counts for: a KRX order lives for one day, whenever its fills are heard of. */
export function fillDay(terms: AccountTerms, orderDay: string, at: Date): string {
  return terms.row.venue === 'KRX' ? orderDay : calendarDay(terms.calendar, at);
}

export function settlesOn(terms: AccountTerms, tradingDay: string): string {
  return settlementDay(terms.row.venue, terms.calendar, tradingDay);
}

/** Fees and taxes of what a broker order traded so far. @param instrument null where it is not known: no tax then. */
export function costsOn(
  terms: AccountTerms,
  instrument: Instrument | null,
  tradingDay: string,
  traded: TradedAmount,
): Costs {
  const rates = instrument === null ? null : saleTaxOn(instrument, terms.calendar, tradingDay);
  return costsOf(traded, feesOn(terms.contracts, tradingDay), rates);
}
