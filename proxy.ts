import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';

const development = process.env.NODE_ENV === 'development';

/**
 * The policy of a page. Styles stay `unsafe-inline`: radix's scroll lock, sonner and server-rendered `style`
 * attributes take no nonce. React's development build needs eval; a production build does not.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Response headers of every page. Authorisation never happens here: pages and routes each check for themselves. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce);

  const forwarded = new Headers(request.headers);
  forwarded.set('x-nonce', nonce);
  forwarded.set('content-security-policy', policy);
  // For the way back after signing in; set here each time, so that no client can name its own.
  forwarded.set('x-bellkeeper-path', request.nextUrl.pathname + request.nextUrl.search);

  const response = NextResponse.next({ request: { headers: forwarded } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('x-frame-options', 'DENY');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  return response;
}

export const config = {
  // API routes answer JSON and set their own headers; passing them by also keeps their bodies from being buffered.
  matcher: ['/((?!api/|_next/static|_next/image|favicon.ico).*)', '/api/docs'],
};
