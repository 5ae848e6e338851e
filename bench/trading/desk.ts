import { sql } from 'drizzle-orm';
import { decimal } from '#domain/core/decimal.ts';
import { type Database, connect } from '#db/core/client.ts';
import { readQuotes } from '#db/market/quotes.ts';
import { simulatorSource } from '#db/simulated/source.ts';
import { callReady, makeTradingDesk, mixedTraders, seoul, startTraders } from '#db/testing/trading-desk.ts';
import { stepAll } from '#worker/trading/step.ts';
import { holdingAt } from './traders.ts';

const scope = 'mock';
const now = seoul('2026-11-23 10:00:00');

/** A desk of so many traders that all hold, each bought at the price of now: nobody wants out. */
async function fillDesk(db: Database, traders: number): Promise<void> {
  await makeTradingDesk(db, { at: now, history: false });
  await callReady(db);
  const [first] = mixedTraders(1);
  if (first === undefined) return;
  await startTraders(db, [first]);
  const quotes = await readQuotes(db, 'KRX', simulatorSource(scope), now);
  const priced = [...quotes].flatMap(([symbol, { last }]) => (last === null ? [] : [{ symbol, last }]));
  if (priced.length === 0) throw new Error('the simulated market has no prices');
  const rows = Array.from({ length: traders }, (_, index) => {
    const { symbol, last } = priced[index % priced.length] ?? { symbol: '', last: decimal(0) };
    return { id: `bench${index}`, symbol, state: JSON.stringify(holdingAt(symbol, last)) };
  });
  const texts = (pick: (row: (typeof rows)[number]) => string) => sql`${sql.param(rows.map(pick))}::text[]`;
  await db.execute(sql`
    insert into traders (scope, id, account, definition, version, started, phase, state, state_version, phase_since,
      symbol, created_at)
    select t.scope, given.id, t.account, t.definition, 1, true, 'HOLDING', given.state::jsonb, 1, t.phase_since,
      given.symbol, t.created_at
    from traders t, unnest(${texts(({ id }) => id)}, ${texts(({ symbol }) => symbol)}, ${texts(({ state }) => state)})
      as given(id, symbol, state) where t.id = ${first.id}`);
  await db.execute(sql`
    insert into controls (scope, level, subject) select scope, 'trader', id from traders on conflict do nothing`);
  await db.execute(sql`analyze`);
}

/** Milliseconds in which all traders of a desk are looked at once: read, stepped in memory, those that move stored. */
export async function measureDesk(url: string, traders: number, rounds: number): Promise<number[]> {
  const db = connect(url, { max: 4, applicationName: 'bellkeeper:bench' });
  try {
    await fillDesk(db, traders);
    const look = async () => {
      const started = performance.now();
      const { failed, stepped } = await stepAll(db, scope, { phases: ['HOLDING'] }, (_world, trader) => ({
        trader,
        events: [{ kind: 'tick' }],
      }));
      if (failed > 0 || stepped > traders / 10) throw new Error(`${failed} failed and ${stepped} moved`);
      return performance.now() - started;
    };
    // The first look reads definitions and states; those after it only what changed.
    await look();
    const figures: number[] = [];
    for (let round = 0; round < rounds * 5; round += 1) figures.push(await look());
    return figures;
  } finally {
    await db.$client.end({ timeout: 2 });
  }
}
