import { sqlState } from './client.ts';

/** Network errors and postgres.js's own codes for a server that does not answer. */
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
]);
/** Shutting down, starting up, no room for another connection, and conflicts that a second try resolves. */
const lostStates = /^(08...|57P0[1-4]|57014|53...|25P03|40001|40P01|55P03)$/;

/** Whether an error says that the database could not serve just now, rather than that the request was wrong. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  // `EPIPE` has the shape of an SQLSTATE.
  if (state !== null && !lostCodes.has(state)) return lostStates.test(state);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && lostCodes.has(at.code)) return true;
    if (at instanceof AggregateError && at.errors.some(isUnavailable)) return true;
  }
  return false;
}
