/**
 * Draws without a state: each is a function of a key and a counter, so that a path may be cut anywhere and goes on the
 * same. Mixing after murmur3's finalizer.
 */
export function mix(key: number, counter: number): number {
  let h = (key ^ Math.imul(counter | 0, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A key of a text (FNV-1a). */
export function keyOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A hash as a number in (0, 1). */
export function unit(hash: number): number {
  return (hash + 0.5) / 4_294_967_296;
}

/** About a standard normal draw from two hashes: the sum of four uniform ones, never beyond 3.5. */
export function normal(first: number, second: number): number {
  const sum = (first >>> 16) + (first & 0xffff) + (second >>> 16) + (second & 0xffff) + 2;
  return (sum / 65_536 - 2) * 1.7320508075688772;
}
