import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { Problem, notFound } from '#domain/core/errors.ts';
import { type MarketConfig, marketConfig, scriptLine } from '#domain/simulation/config.ts';
import { type SimulatedMarketView, faultsInput } from '#domain/simulation/view.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { inMarket, inMarketOf, type HeldMarket } from './hold.ts';
import { simulatedMarkets } from './schema.ts';

/** The settings of a scope's simulated market. @throws Problem 404. */
export async function simulatedConfig(q: Queryable, scope: string): Promise<MarketConfig> {
  const [row] = await q
    .select({ config: simulatedMarkets.config })
    .from(simulatedMarkets)
    .where(eq(simulatedMarkets.scope, scope));
  if (row === undefined) throw notFound('simulated_market', scope);
  return marketConfig.parse(row.config);
}

/** A scope's simulated market for people. @throws Problem 404. */
export async function simulatedMarketView(q: Queryable, scope: string): Promise<SimulatedMarketView> {
  const [row] = await q.select().from(simulatedMarkets).where(eq(simulatedMarkets.scope, scope));
  if (row === undefined) throw notFound('simulated_market', scope);
  return {
    calendar: row.calendar,
    seed: row.seed,
    symbols: row.symbols.length,
    advanced_to: row.advancedTo.toISOString(),
    faults: marketConfig.parse(row.config).faults,
  };
}

type ConfigChange = Partial<z.input<typeof marketConfig>>;

function changeConfig(market: HeldMarket, change: ConfigChange): MarketConfig {
  const config = marketConfig.parse({ ...market.world.config, ...change });
  market.row.config = config;
  market.row.token = randomUUID();
  return config;
}

/**
 * Changes settings of a scope's market from now on: what it did up to the scope's time stays. For tests and tools; people
 * use {@link setSimulatedFaults}.
 */
export async function setSimulatedConfig(db: Database, scope: string, change: ConfigChange): Promise<void> {
  await inMarket(db, scope, (market) => Promise.resolve(void changeConfig(market, change)));
}

/** Adds lines to the script of a market; those of a symbol in the past of the market hold from now on. */
export async function scriptPrices(
  db: Database,
  scope: string,
  lines: readonly z.input<typeof scriptLine>[],
): Promise<void> {
  await inMarket(db, scope, (market) => {
    const script = [...market.world.config.script, ...lines.map((line) => scriptLine.parse(line))];
    return Promise.resolve(void changeConfig(market, { script }));
  });
}

/** Makes the simulated broker of a scope fail in stated ways, or no more; never in the real scope. */
export const setSimulatedFaults = scopedOperation({
  name: 'set_simulated_faults',
  permission: 'traders.control',
  input: faultsInput,
  async run(context, { faults }) {
    const { tx, scope } = context;
    if (scope.kind === 'real')
      throw new Problem('conflict', 'simulated_only', 'Faults are for simulated scopes only.');
    await inMarketOf(tx, scope.name, (market) => {
      context.audit({
        entityType: 'simulated_market',
        entityId: scope.name,
        before: market.world.config.faults,
        after: faults,
      });
      changeConfig(market, { faults });
      return Promise.resolve();
    });
    context.change('market', 'faults');
    return simulatedMarketView(tx, scope.name);
  },
});
