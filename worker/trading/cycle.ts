import type { Candles } from '#domain/strategies/candles.ts';
import type { CrossSection } from '#domain/strategies/candidates.ts';
import { pastFlatten } from '#domain/traders/step-types.ts';
import type { Database } from '#db/core/client.ts';
import { readCandles } from '#db/market/candles.ts';
import { readCrossSection } from '#db/market/cross-section.ts';
import { storeScan, usedKeys } from '#db/traders/scans.ts';
import { type World, type WorldAccount, type WorldTrader, readWorld } from '#db/traders/world.ts';
import { contextNow } from './context.ts';
import {
  type Look,
  candlesNeeded,
  choicesOf,
  entrySignals,
  keyOf,
  lookAround,
  scannedCandidates,
} from './scan.ts';
import { stepAll } from './step.ts';

/** Scans are due on a schedule that is never exact to the millisecond. */
const slackMs = 500;
/** Days of the market that a filter by volume surge compares with. */
const surgeDays = 20;

function isDue({ definition, started, lastScanAt }: WorldTrader, now: Date): boolean {
  if (!started) return false;
  const interval = definition.scan_interval_sec * 1_000 - slackMs;
  return lastScanAt === null || now.getTime() - lastScanAt.getTime() >= interval;
}

/** Out of continuous trading and past T−Δ there is nothing to look for, and nothing to write down either. */
function worthAsking(world: World, trader: WorldTrader): boolean {
  const context = contextNow(world, trader);
  return context !== null && context.matching === 'continuous' && !pastFlatten(context);
}

export interface Cycled {
  /** Traders that looked over the market. */
  readonly scanned: number;
  /** Traders that went on to an entry. */
  readonly entering: number;
}

/**
 * The trading cycle of a scope: every started trader whose scan interval is over looks over the whole market of its
 * account's feed, takes the surest candidate whose symbol is free, and places its entry. Each look is stored.
 * @param only these traders; null: all.
 */
export async function tradingCycle(
  db: Database,
  scope: string,
  only: readonly string[] | null,
): Promise<Cycled> {
  const query = { traders: only, phases: ['IDLE', 'SCANNING'] } as const;
  await stepAll(db, scope, query, (world, trader) =>
    isDue(trader, world.now) && worthAsking(world, trader)
      ? { trader, events: [{ kind: 'scan_due' }] }
      : null,
  );
  const world = await readWorld(db, scope, { traders: only, phases: ['SCANNING'] });
  if (world.traders.length === 0) return { scanned: 0, entering: 0 };
  const began = performance.now();
  const looks = await lookForAll(db, world);
  const used = await usedKeys(db, scope, keysOf(world, looks));
  const symbols = [...new Set([...looks.values()].flatMap(({ signals }) => [...signals.keys()]))];
  const tookMs = (performance.now() - began) / Math.max(looks.size, 1);
  let [scanned, entering] = [0, 0];
  await stepAll(db, scope, { traders: [...looks.keys()], phases: ['SCANNING'], symbols }, (seen, trader) => {
    const look = looks.get(trader.id);
    const account = seen.accounts.get(trader.account);
    if (look === undefined || account === undefined) return null;
    return {
      trader,
      events: [{ kind: 'scanned', choices: choicesOf(trader.definition, look, used) }],
      also: async (tx, stepped) => {
        const candidates = scannedCandidates(trader.definition, look, used, stepped.steps);
        scanned += 1;
        if (stepped.state.phase === 'ENTERING') entering += 1;
        const { discovery, section } = look;
        await storeScan(tx, {
          scope,
          trader: trader.id,
          at: seen.now,
          tradingDay: account.day,
          looked: section.symbols.length,
          passed: discovery.counts,
          candidates,
          tookMs,
        });
      },
    };
  });
  return { scanned, entering };
}

const feedOf = ({ row }: WorldAccount) => `${row.venue} ${row.feed}`;

/** What each trader finds: the market is read once per feed, candles once per feed and length. */
async function lookForAll(db: Database, world: World): Promise<ReadonlyMap<string, Look>> {
  const sections = await sectionsOf(db, world);
  const found = world.traders.flatMap((trader) => {
    const account = world.accounts.get(trader.account);
    const section = account === undefined ? undefined : sections.get(feedOf(account));
    if (account === undefined || section === undefined) return [];
    return [{ trader, account, section, discovery: lookAround(trader.definition, section) }];
  });
  const candles = await candlesOfAll(
    db,
    world.now,
    found.map(({ trader, account, discovery }) => ({
      trader,
      account,
      symbols: discovery.candidates.map(({ symbol }) => symbol),
    })),
  );
  return new Map(
    found.map(({ trader, account, section, discovery }) => {
      const own = candles.get(`${feedOf(account)} ${trader.definition.interval}`) ?? new Map();
      const signals = entrySignals(trader.definition, discovery, own, world.now);
      return [trader.id, { discovery, section, signals }];
    }),
  );
}

async function sectionsOf(db: Database, world: World): Promise<ReadonlyMap<string, CrossSection>> {
  const wanted = new Map<string, { account: WorldAccount; days: number }>();
  for (const { account: id, definition } of world.traders) {
    const account = world.accounts.get(id);
    if (account === undefined) continue;
    const days = definition.filter.score === 'volume_surge' ? surgeDays : 1;
    const known = wanted.get(feedOf(account));
    wanted.set(feedOf(account), { account, days: Math.max(days, known?.days ?? 1) });
  }
  const read = await Promise.all(
    [...wanted].map(async ([feed, { account, days }]): Promise<[string, CrossSection]> => {
      const { venue, feed: source } = account.row;
      return [feed, await readCrossSection(db, { venue, source, now: world.now, days })];
    }),
  );
  return new Map(read);
}

interface Wanted {
  readonly trader: WorldTrader;
  readonly account: WorldAccount;
  readonly symbols: readonly string[];
}

/** Candles by `{feed} {interval}` and symbol, as long as the longest wish of each. */
export async function candlesOfAll(
  db: Database,
  now: Date,
  wishes: readonly Wanted[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Candles>>> {
  const groups = Map.groupBy(
    wishes,
    ({ trader, account }) => `${feedOf(account)} ${trader.definition.interval}`,
  );
  const read = await Promise.all(
    [...groups].map(async ([key, group]): Promise<[string, ReadonlyMap<string, Candles>] | null> => {
      const [first] = group;
      if (first === undefined) return null;
      const candles = await readCandles(db, {
        venue: first.account.row.venue,
        source: first.account.row.feed,
        symbols: [...new Set(group.flatMap(({ symbols }) => symbols))],
        interval: first.trader.definition.interval,
        now,
        limit: Math.max(...group.map(({ trader }) => candlesNeeded(trader.definition))),
      });
      return [key, candles];
    }),
  );
  return new Map(read.filter((each) => each !== null));
}

function keysOf(world: World, looks: ReadonlyMap<string, Look>): readonly string[] {
  return world.traders.flatMap(({ id, definition }) =>
    [...(looks.get(id)?.signals ?? [])].map(([symbol, signal]) => keyOf(definition, symbol, signal)),
  );
}
