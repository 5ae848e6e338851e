import type { Database } from '#db/core/client.ts';
import { stepAll } from '#worker/trading/step.ts';

/** Lets a trader find this symbol and nothing else, as if its strategy had called it now. */
export async function enterNow(db: Database, scope: string, trader: string, symbol: string): Promise<void> {
  const { stepped } = await stepAll(db, scope, { traders: [trader], symbols: [symbol] }, ({ now }, found) => {
    const params = { candle_ts: Math.floor(now.getTime() / 60_000) * 60 };
    const choice = { symbol, confidence: 1, reason: { code: 'sma_cross_up', params } };
    return { trader: found, events: [{ kind: 'scan_due' }, { kind: 'scanned', choices: [choice] }] };
  });
  if (stepped !== 1) throw new Error(`${trader} could not enter ${symbol}.`);
}
