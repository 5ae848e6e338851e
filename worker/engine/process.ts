import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { processId, type ProcessId, uuidV7 } from '#domain/core/ids.ts';
import type { Lane } from '#db/engine/admit.ts';
import { type Database, type RawClient, connect, connectRaw } from '#db/core/client.ts';
import { applicationName, beat, leave, registerProcess } from '#db/engine/processes.ts';
import { log } from '#worker/log.ts';

const beatMs = 1_000;

/** This process in the eyes of the others: its id, its pool, and the idle connection whose lock says that it lives. */
export interface LivingProcess {
  readonly id: ProcessId;
  readonly db: Database;
  readonly leaderConnection: RawClient;
  /** Says that no more work is taken. */
  drain(): Promise<void>;
  /** Says goodbye and closes every connection. */
  close(): Promise<void>;
}

export interface LivingOptions {
  readonly url: string;
  readonly build: string;
  readonly lane: Lane;
  readonly poolSize: number;
  /** The lock's connection broke, or another declared us lost: abort everything. Called once. */
  readonly onLost: (why: string) => void;
}

/** Registers this process and keeps it alive. A lost process does not come back: its supervisor starts a new one. */
export async function live(options: LivingOptions): Promise<LivingProcess> {
  const id = processId.parse(uuidV7(new Date(), randomBytes(10)));
  let closing = false;
  let lost = false;
  const lose = (why: string) => {
    if (closing || lost) return;
    lost = true;
    options.onLost(why);
  };
  const named = { applicationName: applicationName(id) };
  const db = connect(options.url, { ...named, max: options.poolSize });
  const leaderConnection = connectRaw(options.url, {
    ...named,
    max: 1,
    onClose: () => log.info('leader connection closed'),
  });
  const liveness = connectRaw(options.url, {
    ...named,
    max: 1,
    onClose: () => lose('the connection that holds the liveness lock closed'),
  });
  await registerProcess(db, liveness, {
    id,
    kind: 'worker',
    host: hostname(),
    pid: process.pid,
    build: options.build,
    lane: options.lane,
  });
  const heartbeat = async () => {
    try {
      if (!(await beat(db, id))) lose('this process was declared lost');
    } catch (error) {
      log.warn({ err: error }, 'heartbeat not written');
    }
  };
  const timer = setInterval(() => void heartbeat(), beatMs);
  return {
    id,
    db,
    leaderConnection,
    drain: () => leave(db, id, 'draining'),
    async close() {
      closing = true;
      clearInterval(timer);
      await leave(db, id, 'stopped').catch((error: unknown) =>
        log.warn({ err: error }, 'could not say goodbye'),
      );
      await Promise.allSettled([
        db.$client.end({ timeout: 2 }),
        leaderConnection.end({ timeout: 2 }),
        liveness.end({ timeout: 2 }),
      ]);
    },
  };
}
