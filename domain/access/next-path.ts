/**
 * Where to go after signing in: a path of ours, never another site.
 * @param wanted what the address bar said; anything that could leave this origin becomes `/`.
 */
export function nextPath(wanted: string | null | undefined): string {
  if (wanted === null || wanted === undefined) return '/';
  // A browser reads `//host`, `/\host` and control characters as the start of another origin.
  const own = /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted);
  return own && !/^\/(sign-in|setup|api)(\/|\?|#|$)/.test(wanted) ? wanted : '/';
}
