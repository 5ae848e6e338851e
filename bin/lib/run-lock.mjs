import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './secrets.mjs';
import { identity, isAlive } from './processes.mjs';

/**
 * One `npm start` per data folder. The file names the processes that hold it (by id and start time, so that a reused
 * id does not count), the children they started and the address; whoever comes after a kill finds what was left.
 * @typedef {{ owners: {pid: number, start: string|null}[], children: {name: string, pid: number, start: string|null}[], address: string }} RunRecord
 */
const fileOf = (home) => join(home, 'run.json');

/** @returns {RunRecord | null} */
export function readRun(home, file = fileOf(home)) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const isHeld = (record) => record !== null && record.owners.some(isAlive);

/**
 * Takes the data folder for this process.
 * @returns {{ held: RunRecord } | { left: RunRecord | null }} who holds it, or what a killed run left behind.
 */
export function takeRun(home, address) {
  const file = fileOf(home);
  const mine = `${file}.${process.pid}`;
  writePrivate(mine, JSON.stringify({ owners: [identity()], children: [], address }));
  let left = null;
  try {
    for (;;) {
      try {
        linkSync(mine, file);
        return { left };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const record = readRun(home);
      if (isHeld(record)) return { held: record };
      left = setAside(home, file) ?? left;
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a dead run's file away; puts it back when another start had just taken it over. */
function setAside(home, file) {
  const aside = `${file}.left.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return null;
  }
  const record = readRun(home, aside);
  try {
    if (isHeld(record)) linkSync(aside, file);
  } catch {
    // A third start is ahead; it will be found on the next round.
  }
  rmSync(aside, { force: true });
  return isHeld(record) ? null : record;
}

/** Changes the record; only for one of its owners. */
export function updateRun(home, change) {
  const record = readRun(home);
  if (record === null) return;
  const file = fileOf(home);
  writePrivate(file, JSON.stringify({ ...record, ...change(record) }));
}

/** Gives the data folder back. */
export function releaseRun(home) {
  const record = readRun(home);
  if (record?.owners.some((owner) => owner.pid === process.pid)) rmSync(fileOf(home), { force: true });
}
