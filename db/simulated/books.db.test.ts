import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import type { BrokerKey } from '#domain/orders/broker-order.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { faultsOfBooks } from './books.test-kit.ts';
import { removeSimulatedMarket } from './create.ts';
import { simulatedBalance, simulatedReports } from './queries.ts';
import { type SimulatedSend, sendSimulated } from './send.ts';
import { putClock, seoul, testAccount, testMarket, testScope, testSymbols } from './simulated.test-kit.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await testDatabase();
});
afterAll(() => own[Symbol.asyncDispose]());

const marketOf = (symbol: string) => {
  const known = testSymbols.find((each) => each.symbol === symbol);
  return known?.kind === 'etf' ? 'fund' : known?.market === 'KOSDAQ' ? 'KOSDAQ' : 'KOSPI';
};

const ask = fc.record({
  act: fc.constantFrom(
    'place' as const,
    'place' as const,
    'place' as const,
    'revise' as const,
    'cancel' as const,
  ),
  symbol: fc.nat(2),
  side: fc.constantFrom('buy' as const, 'buy' as const, 'sell' as const),
  quantity: fc.integer({ min: 1, max: 3_000 }),
  /** Of the last price; null at the market's. */
  share: fc.option(fc.integer({ min: 985, max: 1_015 }), { nil: null }),
  target: fc.nat(40),
  /** Seconds before it. */
  wait: fc.integer({ min: 0, max: 40 }),
});
type Ask = typeof ask extends fc.Arbitrary<infer One> ? One : never;

function sendOf(
  { act, symbol: index, side, quantity, share, target }: Ask,
  keys: readonly BrokerKey[],
): SimulatedSend {
  const of = testSymbols[index] ?? testSymbols[0];
  if (of === undefined) throw new Error('no symbols');
  // 50 won are on the ticks of all three.
  const price = share === null ? null : decimal(Math.max(50, Math.round((of.price * share) / 100_000) * 100));
  const key = keys[target % Math.max(1, keys.length)];
  const { symbol } = of;
  if (act === 'place' || key === undefined)
    return { action: 'place', clientId: null, symbol, side, quantity: decimal(quantity), price };
  return act === 'cancel'
    ? { action: 'cancel', target: key, symbol }
    : { action: 'revise', target: key, symbol, quantity: decimal(quantity), price };
}

describe('the books of the simulated broker', () => {
  it('balance to the won whatever is ordered, revised and cancelled, and however it is filled', async () => {
    const told = { accepted: 0, rejected: 0, filled: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(ask, { minLength: 20, maxLength: 40 }),
        fc.nat(3_000),
        async (asks, start) => {
          await own.db.transaction((tx) => removeSimulatedMarket(tx, testScope));
          let at = seoul('09:10:00').getTime() + start * 1_000;
          await testMarket(own.db, { at: new Date(at), cash: '300000000' });
          const keys: BrokerKey[] = [];
          for (const each of asks) {
            at += each.wait * 1_000;
            await putClock(own.db, new Date(at));
            const answer = await sendSimulated(own.db, testScope, testAccount, sendOf(each, keys));
            if (answer.kind === 'accepted') keys.push(answer.key);
            told[answer.kind === 'accepted' ? 'accepted' : 'rejected'] += 1;
          }
          expect(await faultsOfBooks(own.db, testScope, testAccount, marketOf)).toEqual([]);
          const { holdings } = await simulatedBalance(own.db, testScope, testAccount);
          expect(holdings.filter(({ sellable }) => sellable.lt(0))).toEqual([]);
          await putClock(own.db, seoul('15:31:00'));
          const reports = await simulatedReports(own.db, testScope, testAccount, seoul('00:00:00'));
          told.filled += reports.filter(({ filled }) => filled.gt(0)).length;
          expect(await faultsOfBooks(own.db, testScope, testAccount, marketOf)).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
    // The draws said something.
    expect(told.accepted).toBeGreaterThan(60);
    expect(told.rejected).toBeGreaterThan(20);
    expect(told.filled).toBeGreaterThan(20);
  });
});
