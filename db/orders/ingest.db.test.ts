import * as fc from 'fast-check';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decimal, plain, zero } from '#domain/core/decimal.ts';
import { processId } from '#domain/core/ids.ts';
import { type BrokerReport, type Side, brokerKey } from '#domain/orders/broker-order.ts';
import { gateways } from '#db/accounts/schema.ts';
import { perform } from '#db/core/operation.ts';
import { adjustBook } from '#db/ledger/operations.ts';
import { rebuildBook } from '#db/ledger/rebuild.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { answerSend } from './answer.ts';
import { ingestReports } from './ingest.ts';
import { type TestDesk, morning, scope, testTradingDesk } from './orders.test-kit.ts';
import { orders } from './schema.ts';
import { beginSend } from './send.ts';

/*
 * What our books come to must not depend on the order in which the broker's reports arrive, on how often, or on which of
 * them are lost, as long as the last one of each broker order is heard.
 */

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const rounds = 8;
const symbolOf = (round: number) => String(100_000 + round);
const term = { process: processId.parse('01900000-0000-7000-8000-000000000001'), epoch: 1 };

let database: TestDatabase;
let desk: TestDesk;
beforeAll(async () => {
  database = await testDatabase();
  const count = rounds * 2 + 2;
  desk = await testTradingDesk(database.db, {
    symbols: Array.from({ length: count }, (_, index) => symbolOf(index)),
    traders: Array.from({ length: count }, (_, index) => `t${index}`),
    cash: 2_000_000_000,
  });
  await database.db.insert(gateways).values({ scope, account: 'a1', ...term });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const keyOf = (symbol: string, number: number) => brokerKey.parse(`2026-11-20/${symbol}/${number}`);

/** An order of 100 that the broker has under the number 1; what is sold was there before. */
async function accepted(index: number, side: Side): Promise<string> {
  const [trader, symbol] = [`t${index}`, symbolOf(index)];
  const token = await desk.lock(trader, symbol);
  const quantity = decimal(100);
  if (side === 'sell') {
    const brought = { account: 'a1', symbol, quantity: '100', cost: '6500000', reason: 'carried' };
    await perform(database.db, system, adjustBook, scope, brought);
  }
  const placed = await desk.place({ trader, seq: 1, side, symbol, token, quantity });
  if (!placed.placed) throw new Error(JSON.stringify(placed.refusals));
  const sending = { scope, account: 'a1', term, revises: true, deadlineMs: 5_000 };
  await beginSend(database.db, sending, placed.id);
  const key = keyOf(symbol, 1);
  await answerSend(database.db, scope, placed.id, 1, { kind: 'accepted', key });
  return placed.id;
}

/** Fills at the first number, a revision that takes the rest over, fills at the second: everything is cumulative. */
function story(symbol: string, side: Side, cuts: readonly number[], revisedAfter: number): BrokerReport[] {
  const base = { symbol, side, at: morning, rejected: zero, origin: null } as const;
  const reports: BrokerReport[] = [];
  const first = {
    ...base,
    key: keyOf(symbol, 1),
    replaces: null,
    role: 'new',
    quantity: decimal(100),
  } as const;
  let [filled, amount] = [0, 0];
  const before = cuts.slice(0, revisedAfter);
  for (const cut of before) {
    filled += cut;
    amount += cut * 69_900;
    reports.push({
      ...first,
      price: decimal(70_000),
      filled: decimal(filled),
      amount: decimal(amount),
      cancelled: zero,
    });
  }
  const left = 100 - filled;
  reports.push({
    ...first,
    price: decimal(70_000),
    filled: decimal(filled),
    amount: decimal(amount),
    cancelled: decimal(left),
  });
  let [more, cost] = [0, 0];
  const second = {
    ...base,
    key: keyOf(symbol, 2),
    replaces: keyOf(symbol, 1),
    role: 'revise',
    quantity: decimal(left),
    price: decimal(70_100),
    cancelled: zero,
  } as const;
  reports.push({ ...second, filled: zero, amount: zero });
  for (const cut of cuts.slice(revisedAfter)) {
    more += cut;
    cost += cut * 70_100;
    reports.push({ ...second, filled: decimal(more), amount: decimal(cost) });
  }
  return reports;
}

async function heard(index: number, side: Side, batches: readonly (readonly BrokerReport[])[]) {
  const id = await accepted(index, side);
  for (const reports of batches) {
    const input = { scope, account: 'a1', reports, at: morning, complete: false };
    const taken = await ingestReports(database.db, input);
    expect(taken.drift).toEqual([]);
  }
  const symbol = symbolOf(index);
  const { book, differences } = await rebuildBook(database.db, scope, 'a1');
  expect(differences).toEqual([]);
  const [row] = await database.db.select().from(orders).where(eq(orders.id, id));
  const entries = await database.db.select().from(ledgerEntries).where(eq(ledgerEntries.order, id));
  const sum = (kind: string) =>
    plain(
      entries.filter((entry) => entry.kind === kind).reduce((all, { amount }) => all.plus(amount ?? 0), zero),
    );
  const position = book.positions.get(symbol);
  return {
    state: row?.state,
    filled: plain(row?.filled ?? zero),
    amount: plain(row?.amount ?? zero),
    quantity: plain(position?.quantity ?? zero),
    cost: plain(position?.basisCost ?? zero),
    fees: sum('fee'),
    taxes: sum('tax'),
    realised: plain(position?.realised ?? zero),
    // Which pieces were seen on the way depends on what was heard; where each number ended does not.
    ends: [1, 2].map((number) =>
      Math.max(
        0,
        ...entries
          .filter(({ id }) => id.startsWith(`fill:${keyOf(symbol, number)}#`))
          .map(({ id }) => Number(id.split('#')[1])),
      ),
    ),
    ids: new Set(entries.map(({ id }) => id)).size === entries.length,
  };
}

/** Two pieces at least; together at most 100. */
const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 });

test('shuffled, doubled and lost reports come to the same books', async () => {
  let index = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Side>('buy', 'sell'),
      cuts,
      fc.nat({ max: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (side, pieces, after, draws) => {
        const draw = () => Number(draws.next().value);
        const told = story(symbolOf(index), side, pieces, Math.min(after, pieces.length - 1));
        const plainly = await heard(
          index,
          side,
          told.map((report) => [report]),
        );
        const again = story(symbolOf(index + 1), side, pieces, Math.min(after, pieces.length - 1));
        const lastOf = new Map(again.map((report) => [report.key, report]));
        const kept = again.filter((report) => lastOf.get(report.key) === report || draw() > 0.4);
        const doubled = [...kept, ...kept.filter(() => draw() > 0.5)];
        const shuffled = doubled
          .map((report) => ({ report, at: draw() }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ report }) => report);
        const cut = Math.floor(draw() * shuffled.length);
        // A revision that is heard of before what it replaces is known by that alone.
        const batches = [shuffled.slice(0, cut), shuffled.slice(cut), [...lastOf.values()]];
        const disordered = await heard(index + 1, side, batches);
        expect(disordered).toEqual(plainly);
        index += 2;
      },
    ),
    { numRuns: rounds, endOnFailure: true, seed: 20_261_120 },
  );
}, 60_000);
