/** Lines a link points at, by `seq`, both ends included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `#L120` and `#L120-L130` (in either order); null for anything else. */
export function parseLineRange(hash: string): LineRange | null {
  const match = /^#?L(\d{1,15})(?:-L?(\d{1,15}))?$/.exec(hash);
  if (match === null) return null;
  const first = Number(match[1]);
  const second = match[2] === undefined ? first : Number(match[2]);
  return { from: Math.min(first, second), to: Math.max(first, second) };
}

/** The hash that points at a range. */
export function lineHash(range: LineRange): string {
  return range.from === range.to ? `#L${range.from}` : `#L${range.from}-L${range.to}`;
}

/**
 * What a click on a line number selects.
 * @param anchor the line of the latest click without shift; a click with shift reaches from there.
 */
export function selectLines(
  anchor: number | null,
  seq: number,
  shift: boolean,
): { readonly anchor: number; readonly range: LineRange } {
  if (!shift || anchor === null) return { anchor: seq, range: { from: seq, to: seq } };
  return { anchor, range: { from: Math.min(anchor, seq), to: Math.max(anchor, seq) } };
}
