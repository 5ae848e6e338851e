import { hostname } from 'node:os';
import type { ProcessId } from '#domain/core/ids.ts';
import { senderRecord } from '#db/accounts/gateways.ts';
import type { Database } from '#db/core/client.ts';
import type { OpenSend } from '#db/orders/recover.ts';
import { runningSince } from '#worker/engine/child.ts';
import { log } from '#worker/log.ts';

/** A process registers within moments of its start; clocks of machine and database differ by less than this. */
const toleranceMs = 60_000;

function sameMachine(pid: number, registered: Date): 'gone' | 'runs' | 'unclear' {
  try {
    const since = runningSince(pid);
    if (since === null) return 'gone';
    // The number went to a younger process: ours is gone.
    return since.getTime() > registered.getTime() + toleranceMs ? 'gone' : 'runs';
  } catch {
    return 'unclear';
  }
}

function kill(pid: number, process_: ProcessId): void {
  log.warn({ process: process_, lost_pid: pid }, 'a lost process may still send orders: killing it');
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}

/**
 * Whether the sender of an open try can certainly send nothing any more. On this machine: its process is gone; one that
 * counts as lost is killed here and found gone at the next look. On another: it counts as lost, and a minute has passed
 * since the deadline. Hosts are told apart by their names.
 * @param self this process; @param going whether it is still sending this very try.
 */
export async function senderGone(
  db: Database,
  send: OpenSend,
  self: ProcessId,
  going: (send: OpenSend) => boolean,
): Promise<boolean> {
  if (send.process === self) return !going(send);
  const record = await senderRecord(db, send.process);
  if (record === null) return send.longOver;
  if (record.host !== hostname()) return !record.alive && send.longOver;
  switch (sameMachine(record.pid, record.startedAt)) {
    case 'gone':
      return true;
    case 'unclear':
      return !record.alive && send.longOver;
    case 'runs':
      if (!record.alive) kill(record.pid, send.process);
      return false;
  }
}
