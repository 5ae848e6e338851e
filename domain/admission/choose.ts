import type { LockHolder } from '#domain/locks/named.ts';

/** A room of a scope. `total` bounds every run but those of groups that stand apart: reserved ones, and the lab's. */
export interface Room {
  readonly name: string;
  readonly kind: 'total' | 'group' | 'reserved' | 'lab';
  readonly capacity: number;
  readonly used: number;
}

/** A ready run that wants in. `waitedSec` counts from when it was queued. */
export interface Candidate<Id> {
  readonly id: Id;
  readonly job: number;
  /** The job's id, for whoever it keeps waiting. */
  readonly jobId: string;
  readonly maxParallel: number;
  readonly priority: number;
  readonly waitedSec: number;
  readonly resourceGroup: string | null;
  /** Named locks it takes with its room, all or none. */
  readonly locks: readonly string[];
}

export type PassedOver<Id> =
  | {
      readonly id: Id;
      readonly code: 'room_full';
      readonly group: string;
      readonly used: number;
      readonly limit: number;
    }
  | { readonly id: Id; readonly code: 'job_busy'; readonly open: number; readonly limit: number };

/** A run that has a room but not its locks. */
export interface LockedOut<Id> {
  readonly id: Id;
  readonly lock: string;
  readonly by: LockHolder;
}

export interface Choice<Id> {
  readonly admitted: readonly Id[];
  readonly passedOver: readonly PassedOver<Id>[];
  readonly lockedOut: readonly LockedOut<Id>[];
}

/** Whether a group's runs do not count to the total. */
export function isApart({ kind }: Pick<Room, 'kind'>): boolean {
  return kind === 'reserved' || kind === 'lab';
}

const ageingSec = 600;

/** Every ten minutes of waiting raise a run by one priority, up to high; urgent is never reached by age alone. */
export function effectivePriority(priority: number, waitedSec: number): number {
  return priority <= 1 ? priority : Math.max(1, priority - Math.floor(Math.max(0, waitedSec) / ageingSec));
}

/**
 * Chooses by priority, then age, then as given. A run whose group or job is full is passed over, never waited behind; so
 * is one of whose locks one is taken: only a run that could otherwise start asks for them.
 * @param running runs of each job that hold a room now; @param most stops after so many: the rest is
 * not looked at. @param taken locks that are held, by name.
 */
export function choose<Id>(
  candidates: readonly Candidate<Id>[],
  rooms: readonly Room[],
  running: ReadonlyMap<number, number>,
  { most = Infinity, taken = new Map() }: { most?: number; taken?: ReadonlyMap<string, LockHolder> } = {},
): Choice<Id> {
  const free = new Map(rooms.map((room) => [room.name, { ...room }]));
  const total = [...free.values()].find((room) => room.kind === 'total');
  const perJob = new Map(running);
  const locked = new Map(taken);
  const order = [...candidates].sort(
    (a, b) =>
      effectivePriority(a.priority, a.waitedSec) - effectivePriority(b.priority, b.waitedSec) ||
      b.waitedSec - a.waitedSec,
  );
  const admitted: Id[] = [];
  const passedOver: PassedOver<Id>[] = [];
  const lockedOut: LockedOut<Id>[] = [];
  for (const run of order) {
    if (admitted.length >= most) break;
    const open = perJob.get(run.job) ?? 0;
    const group = run.resourceGroup === null ? undefined : free.get(run.resourceGroup);
    const wanted = group === undefined ? [total] : isApart(group) ? [group] : [group, total];
    const full = wanted.find((room) => room !== undefined && room.used >= room.capacity);
    const lock = run.locks.find((name) => locked.has(name));
    const by = lock === undefined ? undefined : locked.get(lock);
    if (open >= run.maxParallel)
      passedOver.push({ id: run.id, code: 'job_busy', open, limit: run.maxParallel });
    else if (full !== undefined)
      passedOver.push({
        id: run.id,
        code: 'room_full',
        group: full.name,
        used: full.used,
        limit: full.capacity,
      });
    else if (lock !== undefined && by !== undefined) lockedOut.push({ id: run.id, lock, by });
    else {
      admitted.push(run.id);
      for (const name of run.locks)
        locked.set(name, { holder: run.jobId, runId: String(run.id), outside: false });
      perJob.set(run.job, open + 1);
      for (const room of wanted) if (room !== undefined) room.used += 1;
    }
  }
  return { admitted, passedOver, lockedOut };
}
