/**
 * An API key as a person pastes it: `bk_<prefix>_<secret>`. The prefix is shown in lists and found by;
 * the secret is 32 random bytes in base64url and exists in full only when the key is made.
 */
const form = /^bk_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;

export interface ParsedKey {
  /** `bk_` and eight characters: what a list shows. */
  readonly prefix: string;
  readonly secret: string;
}

/** The parts of a presented key, or null for anything that cannot be one. */
export function parseApiKey(text: string): ParsedKey | null {
  const match = form.exec(text);
  const [, prefix, secret] = match ?? [];
  return prefix === undefined || secret === undefined ? null : { prefix: `bk_${prefix}`, secret };
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Eight prefix characters from eight random bytes; the prefix is a name, not a secret, so the slight bias is harmless. */
export function keyPrefix(random: Uint8Array): string {
  return `bk_${Array.from(random.subarray(0, 8), (byte) => alphabet[byte % alphabet.length]).join('')}`;
}

/** The key presented in `Authorization: Bearer …`, or null when the header carries none. */
export function bearerOf(header: string | null): string | null {
  const [scheme, token, ...rest] = (header ?? '').trim().split(/\s+/);
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && rest.length === 0 ? token : null;
}
