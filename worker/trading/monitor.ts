import type { Database } from '#db/core/client.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { markEquity } from '#db/performance/equity.ts';
import { feedsSeen } from '#db/traders/rows.ts';
import { readWorld } from '#db/traders/world.ts';
import { BrokerUnavailable } from '#worker/brokers/port.ts';
import { closeDay } from './close.ts';
import type { FeedOf } from './collect-candles.ts';
import { carryOutControls } from './flatten.ts';
import { renewWhenDue } from './holds.ts';
import { protect } from './protect.ts';
import { type SteppedAll, busyPhases, stepAll, stepOnNews } from './step.ts';

export interface Monitoring {
  readonly db: Database;
  readonly scope: string;
  readonly feedOf: FeedOf;
  readonly signal: AbortSignal;
}

const protectEveryMs = 10_000;
const minuteMs = 60_000;

interface Cadence {
  /** Scope time, milliseconds. */
  protectedAt: number;
  markedMinute: number;
}
const cadences = new WeakMap<Database, Map<string, Cadence>>();

function cadenceOf(db: Database, scope: string): Cadence {
  const known = cadences.get(db) ?? new Map<string, Cadence>();
  cadences.set(db, known);
  const cadence = known.get(scope) ?? { protectedAt: -Infinity, markedMinute: -1 };
  known.set(scope, cadence);
  return cadence;
}

export interface Monitored extends SteppedAll {
  /** Feeds that gave no answer. */
  readonly blind: number;
}

/**
 * One look at everything that a scope's traders have at stake, each second: new quotes, news of orders, the close,
 * switches, stops and every trader's own T−Δ; holds are renewed each 20 s, protections reckoned each 10 s, equity
 * marked each minute. A feed that does not answer leaves its traders blind, which their stops know, and nobody else.
 */
export async function monitor(at: Monitoring): Promise<Monitored> {
  const { db, scope } = at;
  const blind = await refreshQuotes(at);
  const heard = await stepOnNews(db, scope, null);
  await carryOutControls(db, scope);
  const world = await readWorld(db, scope, { phases: busyPhases });
  const cadence = cadenceOf(db, scope);
  await renewWhenDue(db, world);
  const closed = await closeDay(db, world);
  const ticked = await stepAll(
    db,
    scope,
    { phases: busyPhases },
    (_world, trader) => ({ trader, events: [{ kind: 'tick' }] }),
    closed === null ? world : null,
  );
  await onTheMinute(db, scope, world.now.getTime(), cadence);
  return {
    stepped: heard.stepped + ticked.stepped + (closed?.stepped ?? 0),
    left: heard.left + ticked.left,
    failed: heard.failed + ticked.failed,
    blind,
  };
}

async function onTheMinute(db: Database, scope: string, now: number, cadence: Cadence): Promise<void> {
  if (Math.abs(now - cadence.protectedAt) >= protectEveryMs) {
    await protect(db, scope);
    cadence.protectedAt = now;
  }
  const minute = Math.floor(now / minuteMs);
  if (minute === cadence.markedMinute) return;
  await markEquity(db, scope, new Date(minute * minuteMs));
  cadence.markedMinute = minute;
}

/** Asks each feed once, whatever the number of its accounts. @returns how many gave no answer. */
export async function refreshQuotes({ db, scope, feedOf, signal }: Monitoring): Promise<number> {
  let blind = 0;
  for (const { source } of await feedsSeen(db, scope)) {
    const feed = feedOf(scope, source);
    if (feed === null) continue;
    try {
      await writeQuotes(db, await feed.quotes(null, signal));
    } catch (error) {
      if (!(error instanceof BrokerUnavailable)) throw error;
      blind += 1;
    }
  }
  return blind;
}
