import { expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { historyOf } from './fold.ts';
import { fromFirstBuys } from './recent.ts';

let seq = 0;
const at = new Date('2026-11-23T01:00:00Z');
const common = (symbol: string) => ({
  id: `e${(seq += 1)}`,
  account: 'a',
  seq,
  at: new Date(at.getTime() + seq * 1_000),
  trading_day: '2026-11-23',
  settles_on: '2026-11-25',
  order_id: `o${seq}`,
  trader: 't',
  symbol,
});
const fill = (symbol: string, side: 'buy' | 'sell', amount: number): LedgerEntry => ({
  kind: 'fill',
  ...common(symbol),
  side,
  quantity: decimal(10),
  amount: decimal(amount),
});
const fee = (symbol: string): LedgerEntry => ({ kind: 'fee', ...common(symbol), amount: decimal(1) });

it('leaves out the end of a holding that began before the entries, and nothing of those that began in them', () => {
  const entries = [
    fill('A', 'sell', 900),
    fee('A'),
    fill('B', 'buy', 1_000),
    fill('A', 'buy', 800),
    fill('B', 'sell', 990),
    fill('A', 'sell', 830),
  ];
  const { trips } = historyOf('a', fromFirstBuys(entries));
  expect(trips.map(({ symbol, gross }) => [symbol, gross.toNumber()])).toEqual([
    ['B', -10],
    ['A', 30],
  ]);
});
