import { isIP } from 'node:net';
import type { Config } from '#config';

/** Header our own code hands the address on in; one a client sends is thrown away. */
export const addressHeader = 'x-bellkeeper-address';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * The client's address, or null when nothing trustworthy names it. `X-Forwarded-For` counts only behind a configured
 * proxy, and then its last entry: the one that proxy wrote. A server bound to loopback has loopback clients.
 */
export function clientAddress(headers: Headers, config: Pick<Config, 'host' | 'trustProxy'>): string | null {
  if (config.trustProxy) {
    const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
    return isIP(last) === 0 ? null : last;
  }
  return loopback.has(config.host) ? '127.0.0.1' : null;
}
