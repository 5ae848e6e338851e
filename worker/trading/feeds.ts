import type { Database } from '#db/core/client.ts';
import { simulatorSource } from '#db/simulated/source.ts';
import { simulatedFeed } from '#worker/brokers/simulated/adapter.ts';
import type { FeedOf } from './collect-candles.ts';

/** The feeds that this build can ask: the simulated market of a scope. */
export function feedsOf(db: Database): FeedOf {
  return (scope, source) => (source === simulatorSource(scope) ? simulatedFeed(db, scope) : null);
}
