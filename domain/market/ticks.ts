import type { Instrument, KrxKind, KrxMarket } from './instrument.ts';
import { type DatedRules, ruleOn } from './dated.ts';
import { type TickTable, tickTable } from './tick.ts';
import { upbitTicks } from './upbit-ticks.ts';

/** One table for all three markets since the reform of 2023-01-25 (KRX, KOSPI business regulation, detailed rules). */
const krxUnified = tickTable([
  [0, 1],
  [2_000, 5],
  [5_000, 10],
  [20_000, 50],
  [50_000, 100],
  [200_000, 500],
  [500_000, 1_000],
]);
const kospi2010 = tickTable([
  [0, 1],
  [1_000, 5],
  [5_000, 10],
  [10_000, 50],
  [50_000, 100],
  [100_000, 500],
  [500_000, 1_000],
]);
/** KOSDAQ and KONEX had no tick above 100 won. */
const kosdaq2010 = tickTable([
  [0, 1],
  [1_000, 5],
  [5_000, 10],
  [10_000, 50],
  [50_000, 100],
]);
const reform = { since: '2023-01-25', rule: krxUnified } as const;
const krxStocks: Record<KrxMarket, DatedRules<TickTable>> = {
  KOSPI: [{ since: '2010-10-04', rule: kospi2010 }, reform],
  KOSDAQ: [{ since: '2010-10-04', rule: kosdaq2010 }, reform],
  KONEX: [{ since: '2013-07-01', rule: kosdaq2010 }, reform],
};
/** ETFs and ETNs: 5 won; 1 won below 2,000 since December 2023 (announced for the 18th). */
const krxFunds: DatedRules<TickTable> = [
  { since: '2002-10-14', rule: tickTable([[0, 5]]) },
  {
    since: '2023-12-18',
    rule: tickTable([
      [0, 1],
      [2_000, 5],
    ]),
  },
];

/** Ticks of KRX in won. @param date the trading day, YYYY-MM-DD; before 2010-10-04 the table of that day. */
export function krxTicks(market: KrxMarket, kind: KrxKind, date: string): TickTable {
  return ruleOn(kind === 'stock' ? krxStocks[market] : krxFunds, date);
}

/** The ticks of an instrument on a trading day: its own bands, or its venue's rule. @returns null when unknown. */
export function ticksOf(instrument: Instrument, date: string): TickTable | null {
  if (instrument.ticks !== null) return instrument.ticks;
  return instrument.venue === 'KRX'
    ? krxTicks(instrument.market, instrument.kind, date)
    : upbitTicks(instrument.market, instrument.symbol, date);
}
