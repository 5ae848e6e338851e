import { symbolRenewSec } from '#domain/locks/symbol.ts';
import type { TraderPhase } from '#domain/traders/state.ts';
import type { Database } from '#db/core/client.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { markEquity } from '#db/performance/equity.ts';
import { feedsSeen } from '#db/traders/rows.ts';
import { readWorld } from '#db/traders/world.ts';
import { BrokerUnavailable } from '#worker/brokers/port.ts';
import { closeDay } from './close.ts';
import type { FeedOf } from './collect-candles.ts';
import { carryOutControls } from './flatten.ts';
import { renewHolds } from './holds.ts';
import { protect } from './protect.ts';
import { type SteppedAll, stepAll, stepOnNews } from './step.ts';

export interface Monitoring {
  readonly db: Database;
  readonly scope: string;
  readonly feedOf: FeedOf;
  readonly signal: AbortSignal;
}

/** An idle trader has nothing to watch. */
const watched: readonly TraderPhase[] = ['SCANNING', 'ENTERING', 'HOLDING', 'EXITING', 'HALTED'];
const protectEveryMs = 10_000;
const minuteMs = 60_000;

interface Cadence {
  /** Wall clock: holds are leases. */
  renewedAt: number;
  /** Scope time, milliseconds. */
  protectedAt: number;
  markedMinute: number;
}
const cadences = new WeakMap<Database, Map<string, Cadence>>();

function cadenceOf(db: Database, scope: string): Cadence {
  const known = cadences.get(db) ?? new Map<string, Cadence>();
  cadences.set(db, known);
  const cadence = known.get(scope) ?? { renewedAt: -Infinity, protectedAt: -Infinity, markedMinute: -1 };
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
  const world = await readWorld(db, scope, { phases: watched });
  const cadence = cadenceOf(db, scope);
  if (performance.now() - cadence.renewedAt >= symbolRenewSec * 1_000) {
    await renewHolds(db, world);
    cadence.renewedAt = performance.now();
  }
  const closed = await closeDay(db, world);
  const ticked = await stepAll(
    db,
    scope,
    { phases: watched },
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
async function refreshQuotes({ db, scope, feedOf, signal }: Monitoring): Promise<number> {
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
