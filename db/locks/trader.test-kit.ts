/*
 * A process of traders, for tests that run several and kill them. Arguments: database URL, name, traders, symbols,
 * and `hold` (take the first symbol, say its token, wait) or how many rounds each trader makes.
 * Each round takes some symbol, writes a row under its token as an order would, and lets go.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { Problem } from '#domain/core/errors.ts';
import { connect } from '#db/core/client.ts';
import { acquireFirst, acquireSymbol, checkFence, releaseSymbol } from './symbols.ts';

const [url = '', name = '', traders = '1', symbols = '', rounds = ''] = process.argv.slice(2);
const names = symbols.split(',');
const db = connect(url, { max: Number(traders), applicationName: `test:${name}` });
const scope = 'mock';

async function write(trader: string, symbol: string, token: number): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      await checkFence(tx, scope, symbol, token);
      await tx.execute(
        sql`insert into written (symbol, token, trader) values (${symbol}, ${token}, ${trader})`,
      );
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

async function trade(trader: string, turn: number): Promise<void> {
  const order = names.map((_, index) => names[(index + turn) % names.length] ?? '');
  const taken = await db.transaction((tx) => acquireFirst(tx, scope, order, trader));
  if (taken === null) return;
  await write(trader, taken.symbol, taken.token);
  await write(trader, taken.symbol, taken.token);
  await db.transaction((tx) => releaseSymbol(tx, scope, { ...taken, trader }));
}

if (rounds === 'hold') {
  const answer = await db.transaction((tx) => acquireSymbol(tx, scope, names[0] ?? '', name));
  console.log(JSON.stringify(answer));
  await pause(600_000);
} else {
  await Promise.all(
    Array.from({ length: Number(traders) }, async (_, index) => {
      for (let turn = 0; turn < Number(rounds); turn += 1) await trade(`${name}-${index}`, turn + index);
    }),
  );
  await db.$client.end();
}
