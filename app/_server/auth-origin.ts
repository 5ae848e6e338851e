import { Problem } from '#domain/core/errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a change that another site's page may have sent with the browser's cookie.
 * A request without Origin and Sec-Fetch-Site comes from no browser of today: it passes only without a cookie.
 * @throws Problem 403 origin_refused.
 */
export function requireOwnOrigin(request: Request, origins: readonly string[]): void {
  if (safeMethods.has(request.method)) return;
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (origin !== null ? origins.includes(origin) : site === 'same-origin') return;
  if (origin === null && site === null && !request.headers.has('cookie')) return;
  throw new Problem(
    'forbidden',
    'origin_refused',
    `Refused: this page is at ${origin ?? 'an unknown origin'}, and Bellkeeper serves ${origins.join(', ')}. Set BELLKEEPER_URL to the address people type.`,
    { origin: origin ?? '', origins: origins.join(', ') },
  );
}
