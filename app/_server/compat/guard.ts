import type { IncomingMessage } from 'node:http';
import { Problem } from '#domain/core/errors.ts';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const loopbackAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Headers that a browser or a proxy adds and a script on this machine does not. */
const foreign = [
  'origin',
  'sec-fetch-site',
  'sec-fetch-mode',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'via',
] as const;

function refused(code: string, message: string): Problem {
  return new Problem('forbidden', code, message);
}

/**
 * A listener without keys trusts whoever runs programs on this machine: not a page in a browser here (which another
 * site may steer, also under a name of its own that resolves to loopback), and not whoever a proxy lets through.
 * @throws Problem 403.
 */
export function requireLocalScript({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!loopbackNames.has(host) || !loopbackAddresses.has(socket.remoteAddress ?? ''))
    throw refused(
      'compat_not_local',
      `This listener answers on this machine only, under 127.0.0.1, [::1] or localhost, not "${headers.host ?? ''}". From elsewhere use the API with a key.`,
    );
  const found = foreign.find((name) => headers[name] !== undefined);
  if (found !== undefined)
    throw refused(
      'compat_not_a_script',
      `This listener is for scripts on this machine: the header ${found} says that a browser or a proxy called. Use the console, or the API with a key.`,
    );
}
