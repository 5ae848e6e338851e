import { type Database, connect } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { booksDiffer, holdFaults, playbackFaults } from '#db/testing/trading-books.ts';
import { makeTradingDesk, mixedTraders, seoul, startTraders } from '#db/testing/trading-desk.ts';
import { deskView } from '#db/testing/trading-views.ts';
import { tradingDay } from '#worker/testing/trading-day.ts';
import { benchServer } from './lib/server.ts';

export interface DaysOptions {
  /** The first seed; each day takes the next. */
  readonly seed: number;
  readonly days: number;
  readonly traders: number;
  /** Seconds between two looks at mid-day; around T−Δ it is one. */
  readonly gridSec: number;
  readonly note: (text: string) => void;
}

const day = '2026-11-23';
const at = (time: string) => seoul(`${day} ${time}`);
const connected = (url: string): Database => connect(url, { max: 10, applicationName: 'bellkeeper:bench' });

async function oneDay(
  { url, db }: { url: string; db: Database },
  seed: number,
  { traders, gridSec, note }: DaysOptions,
): Promise<readonly string[]> {
  const began = performance.now();
  await makeTradingDesk(db, { at: at('08:58:00'), seed, config: { halt_chance: 0.1 } });
  await startTraders(db, mixedTraders(traders));
  await using desk = await tradingDay({ url, db });
  const faults: string[] = [];
  const look = async () => void faults.push(...(await holdFaults(db)));
  await desk.pass(at('09:00:00'), at('15:09:00'), gridSec, look);
  await desk.pass(at('15:09:50'), at('15:10:30'), 1, look);
  await desk.pass(at('15:10:40'), at('15:31:00'), 10, look);
  faults.push(...(await playbackFaults(db)), ...(await booksDiffer(db)));
  const view = deskView(db);
  const called = new Set((await view.alerts()).map(({ trader, reason }) => `${trader ?? ''} ${reason.code}`));
  for (const { id, phase } of await view.traders())
    if (phase !== 'IDLE' && !called.has(`${id} carried`) && !called.has(`${id} halted_at_close`))
      faults.push(`${id} is ${phase} after the close and nobody was called`);
  const orders = await view.orders();
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  note(`seed ${seed}: ${orders.length} orders in ${seconds} s, ${faults.length} faults`);
  return faults.map((fault) => `seed ${seed}: ${fault}`);
}

/** Whole days of a simulated market from several seeds. @returns whether every promise was kept. */
export async function benchDays(options: DaysOptions): Promise<boolean> {
  await using server = await benchServer();
  const faults: string[] = [];
  for (let index = 0; index < options.days; index += 1) {
    const url = await server.database();
    await migrate(url);
    const db = connected(url);
    try {
      faults.push(...(await oneDay({ url, db }, options.seed + index, options)));
    } finally {
      await db.$client.end({ timeout: 2 });
    }
  }
  console.log(faults.length === 0 ? 'no fault' : faults.join('\n'));
  return faults.length === 0;
}
