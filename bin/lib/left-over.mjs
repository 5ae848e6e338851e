import { isAlive, signalGroup, until } from './processes.mjs';

/**
 * Sees off the children of a start that was killed. They notice by themselves and end in order; one that does not in
 * time is killed with its group.
 */
export async function seeOff(children, milliseconds = 40_000) {
  const alive = () => children.filter(isAlive);
  if (alive().length === 0) return;
  if (await until(() => alive().length === 0, milliseconds, 100)) return;
  for (const child of alive()) signalGroup(child.pid, 'SIGKILL');
  await until(() => alive().length === 0, 5000, 100);
}
