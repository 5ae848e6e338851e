/** Browsers keep a cookie at most 400 days. */
const longestSec = 400 * 24 * 60 * 60;

/** Over https the `__Host-` prefix binds the cookie to this host and to TLS; plain http cannot carry it. */
export function signInCookie(url: string): { readonly name: string; readonly secure: boolean } {
  const secure = url.startsWith('https:');
  return { name: secure ? '__Host-bellkeeper.sign_in' : 'bellkeeper.sign_in', secure };
}

/**
 * The cookie outlives the sign-in it names: the database row alone says until when, and every use moves that on.
 * A page cannot set cookies, so a cookie as short as the row would not slide.
 */
export function outliving(setCookie: string): string {
  return setCookie.replace(/Max-Age=[1-9]\d*/i, `Max-Age=${longestSec}`);
}
