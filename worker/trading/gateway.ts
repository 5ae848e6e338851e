import {
  GatewayReplaced,
  accountsIn,
  deposeStaleGateway,
  releaseGateway,
  tryGateway,
} from '#db/accounts/gateways.ts';
import type { AccountRow } from '#db/accounts/terms.ts';
import { ordersChannel } from '#db/orders/signals.ts';
import { type Alarm, createAlarm } from '#worker/engine/loop.ts';
import { log } from '#worker/log.ts';
import { type GatewayOptions, type GatewayTiming, gatewayTiming } from './gateway-types.ts';
import { runTerm } from './term.ts';

export type { GatewayOptions, GatewayTiming } from './gateway-types.ts';

/** Says whether this process ran without a pause for so long that it may judge the beats of others. */
function steadiness(timing: GatewayTiming): () => boolean {
  let lookedAt = performance.now();
  let since = lookedAt;
  return () => {
    const now = performance.now();
    if (now - lookedAt > timing.electMs + 2_000) since = now;
    lookedAt = now;
    return now - since > timing.staleSec * 1_000;
  };
}

/** Asks for one account's lock until the process stops; whoever gets it is its gateway. */
async function stand(
  options: GatewayOptions,
  timing: GatewayTiming,
  account: AccountRow,
  alarm: Alarm,
): Promise<void> {
  const { db, signal } = options;
  const { scope, id } = account;
  const broker = options.brokerOf(account);
  if (broker === null) return;
  let over = new AbortController();
  const lock = options.connect(() => over.abort());
  const steady = steadiness(timing);
  const between = createAlarm(signal);
  while (!signal.aborted) {
    over = new AbortController();
    const ended = over.signal;
    try {
      const maySayStale = steady();
      const term = await tryGateway(lock, db, account, options.processId);
      if (term === null) {
        if (maySayStale && (await deposeStaleGateway(db, scope, id, timing.staleSec)))
          log.warn({ account: id }, 'a silent gateway was deposed');
      } else {
        log.info({ account: id, epoch: term.epoch }, 'gateway taken');
        const until = AbortSignal.any([signal, ended]);
        await runTerm({ options, timing, account, term, broker, alarm, signal: until });
      }
    } catch (error) {
      log.warn(
        { err: error, account: id },
        error instanceof GatewayReplaced ? 'gateway replaced' : 'gateway failed',
      );
    } finally {
      await releaseGateway(lock);
    }
    await between.sleep(timing.electMs);
  }
  await Promise.all([lock.end({ timeout: 1 }), broker.close()]);
}

/**
 * Stands for the gateway of every account of these scopes until the process stops: of all processes exactly one sends
 * for an account, the one that holds its advisory lock under the newest epoch. Nothing here depends on jobs: cancels
 * and exits go out while they are paused.
 */
export async function runGateways(options: GatewayOptions): Promise<void> {
  const { db, scopes, signal } = options;
  const timing = { ...gatewayTiming, ...options.timing };
  const standing = new Map<string, { readonly alarm: Alarm; readonly ended: Promise<void> }>();
  const wakeAll = () => standing.forEach(({ alarm }) => alarm.wake());
  const hearing = options.connect(() => undefined);
  await hearing.listen(ordersChannel, (name) => standing.get(name)?.alarm.wake(), wakeAll);
  const alarm = createAlarm(signal);
  while (!signal.aborted) {
    try {
      for (const account of await accountsIn(db, scopes)) {
        const name = `${account.scope}/${account.id}`;
        if (standing.has(name)) continue;
        const own = createAlarm(signal);
        standing.set(name, { alarm: own, ended: stand(options, timing, account, own) });
      }
    } catch (error) {
      log.warn({ err: error }, 'looking for accounts failed; trying again');
    }
    await alarm.sleep(timing.discoverMs);
  }
  await Promise.all([...standing.values()].map(({ ended }) => ended));
  await hearing.end({ timeout: 1 });
}
