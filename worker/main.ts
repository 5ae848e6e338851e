import { setPriority } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#config';
import { connectRaw } from '#db/core/client.ts';
import { boundScopes } from '#db/scopes/queries.ts';
import { runScopesNow } from '#db/engine/run-immediately.ts';
import { applicationName, setPool } from '#db/engine/processes.ts';
import { admissionPump } from './engine/admission.ts';
import { createExecutor } from './engine/executor.ts';
import { listenForRings } from './engine/doorbell.ts';
import { runElections } from './engine/leader.ts';
import { live } from './engine/process.ts';
import { hear } from './engine/signals.ts';
import { log } from './log.ts';
import { openPlugins } from './plugins/folder.ts';
import { addTask, usePlugins } from './tasks/registry.ts';
import { hostGateways } from './trading/host.ts';
import { tradingTasks } from './trading/tasks.ts';
import { watchDesks } from './trading/watch.ts';

/** Runs that are still going this long after the order to stop are handed back. */
const drainMs = 20_000;
/** Exit status that says: start me again. */
const lostExit = 75;
/** The lab gives way to everything else on its machine (nice value). */
const labNice = 10;

const config = readConfig();
const url = config.databaseUrl('worker');

if (config.workerLane === 'lab') setPriority(labNice);

// A defect must not leave a half-working process: our supervisor starts a clean one, the leader sends its runs on.
process.on('unhandledRejection', (error) => {
  log.fatal({ err: error }, 'unhandled rejection');
  process.exit(lostExit);
});

let lost = false;
const self = await live({
  url,
  build: '0.1.0',
  lane: config.workerLane,
  poolSize: 10,
  onLost(why) {
    lost = true;
    log.fatal({ why }, 'this process counts as lost: stopping at once, its children with it');
    process.exit(lostExit);
  },
});

const stopping = new AbortController();
const pump = admissionPump(self.db);
const executor = createExecutor(
  self.db,
  self.id,
  (scope) => {
    if (!stopping.signal.aborted) pump.admit(scope);
  },
  () => lost,
  (onClose) => connectRaw(url, { applicationName: applicationName(self.id), max: 1, onClose }),
);
let wakeLeader: () => void = () => undefined;
// The lab's processes do not lead: what they compute must not stand in the way of a fire.
const elections =
  config.workerLane === 'lab'
    ? Promise.resolve()
    : runElections({
        db: self.db,
        lockConnection: self.leaderConnection,
        processId: self.id,
        pump,
        onWake: (wake) => {
          wakeLeader = wake;
        },
        signal: stopping.signal,
      });
const stopHearing = await hear({
  url,
  applicationName: applicationName(self.id),
  db: self.db,
  processId: self.id,
  executor,
  wake: () => wakeLeader(),
});
const plugins = await openPlugins({
  db: self.db,
  folder: config.plugins ?? join(config.home, 'plugins'),
  named: config.plugins !== null,
  signal: stopping.signal,
});
usePlugins(plugins);
for (const task of tradingTasks({ db: self.db, processId: self.id })) addTask(task);
const scopes = await boundScopes(self.db, config.scopes);
// The lab computes; what a switch asks for is carried out by those that run the desk.
const watching =
  config.workerLane === 'lab' ? Promise.resolve() : watchDesks(self.db, scopes, stopping.signal);
// Not a job: cancels and exits go out while every job is paused.
const gateways =
  config.workerLane === 'lab'
    ? Promise.resolve()
    : hostGateways({ db: self.db, url, processId: self.id, scopes, signal: stopping.signal });
const doorbell = await listenForRings({
  url,
  applicationName: applicationName(self.id),
  scopes,
  lane: config.workerLane,
  concurrency: config.workerConcurrency,
  answer: (payload) => executor.answer(payload),
});
function onDoorbellEnded(error: unknown): void {
  if (stopping.signal.aborted) return;
  log.fatal({ err: error }, 'the doorbell ended by itself: no run would be taken any more');
  process.exit(lostExit);
}
doorbell.ended.then(() => onDoorbellEnded(null), onDoorbellEnded);
await setPool(self.db, self.id, doorbell.poolId);
if (config.runImmediately && config.workerLane === 'live') await runScopesNow(self.db, scopes, self.id);
log.info(
  { process: self.id, lane: config.workerLane, concurrency: config.workerConcurrency },
  'worker ready',
);

async function stop(signal: string): Promise<void> {
  log.info({ signal, running: executor.running().length }, 'stopping: no new work');
  stopping.abort();
  await self.drain();
  const rings = doorbell.stop();
  // A service has no end to wait for: another worker goes on with it.
  executor.handBackServices();
  const timer = setTimeout(() => executor.handBack(), drainMs);
  await Promise.all([executor.idle(), rings, elections, watching, gateways, plugins.ended]);
  clearTimeout(timer);
  await stopHearing();
  await self.close();
  log.info('stopped');
}

let stopped: Promise<void> | null = null;
function onSignal(signal: NodeJS.Signals): void {
  if (stopped !== null) {
    executor.handBack();
    return;
  }
  stopped = stop(signal);
  stopped.then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'could not stop cleanly');
      process.exit(1);
    },
  );
}
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);
