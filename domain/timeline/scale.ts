/** A stretch of time in Unix milliseconds, `from` not later than `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Stretches without anything in them, ascending and apart, which the axis draws as a break. */
export type Breaks = readonly Span[];

/** The stretches of `within` that nothing busy touches and that are longer than `longest`, with `margin` left on each side of what is busy. */
export function findBreaks(
  busy: readonly Span[],
  within: Span,
  { longest, margin }: { readonly longest: number; readonly margin: number },
): Breaks {
  const breaks: Span[] = [];
  let free = within.from;
  const close = (until: number) => {
    if (until - free > longest) breaks.push({ from: free, to: until });
  };
  for (const { from, to } of busy.toSorted((a, b) => a.from - b.from)) {
    if (to < within.from || from > within.to) continue;
    close(from - margin);
    free = Math.max(free, to + margin);
  }
  // A range with nothing in it at all is shown as it is.
  if (free === within.from) return [];
  close(within.to);
  return breaks;
}

/** Time without the breaks: how far an instant is along the axis, in milliseconds of time that is drawn. */
export function shownTime(breaks: Breaks, at: number): number {
  let shown = at;
  for (const { from, to } of breaks) {
    if (at <= from) break;
    shown -= Math.min(at, to) - from;
  }
  return shown;
}

/** The instant so far along; at a break, its beginning. */
export function instantShown(breaks: Breaks, shown: number): number {
  let at = shown;
  for (const { from, to } of breaks) {
    if (at <= from) break;
    at += to - from;
  }
  return at;
}

/** Moves a view along the axis by shown time, and stretches it by a factor around an instant that stays in place. */
export function moveView(
  breaks: Breaks,
  view: Span,
  {
    by = 0,
    factor = 1,
    around,
  }: { readonly by?: number; readonly factor?: number; readonly around?: number },
): Span {
  const [from, to] = [shownTime(breaks, view.from), shownTime(breaks, view.to)];
  const fixed = around === undefined ? (from + to) / 2 : shownTime(breaks, around);
  return {
    from: instantShown(breaks, fixed + (from - fixed) * factor + by),
    to: instantShown(breaks, fixed + (to - fixed) * factor + by),
  };
}

export interface Piece extends Span {
  readonly kind: 'time' | 'break';
  /** Pixels from the left. */
  readonly x0: number;
  readonly x1: number;
}

/** Where instants of a view stand between 0 and `width` pixels. */
export interface Scale {
  readonly view: Span;
  readonly width: number;
  readonly pieces: readonly Piece[];
  /** Pixels of an instant; outside the view beyond its ends. */
  readonly x: (at: number) => number;
  /** The instant under a pixel. */
  readonly at: (x: number) => number;
}

/** Pixels that a break takes, whatever its length. */
export const breakWidth = 26;

function cut(breaks: Breaks, view: Span): { span: Span; kind: Piece['kind'] }[] {
  const parts: { span: Span; kind: Piece['kind'] }[] = [];
  let at = view.from;
  for (const gap of breaks) {
    const [from, to] = [Math.max(gap.from, view.from), Math.min(gap.to, view.to)];
    if (to <= from) continue;
    if (from > at) parts.push({ span: { from: at, to: from }, kind: 'time' });
    parts.push({ span: { from, to }, kind: 'break' });
    at = to;
  }
  if (view.to > at || parts.length === 0) parts.push({ span: { from: at, to: view.to }, kind: 'time' });
  return parts;
}

/** The scale of a view: time in proportion, each break at its fixed width. */
export function makeScale(breaks: Breaks, view: Span, width: number): Scale {
  const parts = cut(breaks, view);
  const gaps = parts.filter(({ kind }) => kind === 'break').length;
  const gapWidth =
    gaps === parts.length ? width / Math.max(1, gaps) : Math.min(breakWidth, width / (2 * gaps));
  const shown = parts.reduce((sum, { kind, span }) => sum + (kind === 'time' ? span.to - span.from : 0), 0);
  const perMs = shown === 0 ? 0 : (width - (gaps === 0 ? 0 : gaps * gapWidth)) / shown;
  const pieces: Piece[] = [];
  let x0 = 0;
  for (const { span, kind } of parts) {
    const x1 = x0 + (kind === 'break' ? gapWidth : (span.to - span.from) * perMs);
    pieces.push({ ...span, kind, x0, x1 });
    x0 = x1;
  }
  const outside = perMs === 0 ? 1 : perMs;
  const x = (at: number) => {
    if (at < view.from) return (at - view.from) * outside;
    const piece = pieces.find(({ to }) => at <= to);
    if (piece === undefined) return width + (at - view.to) * outside;
    const length = piece.to - piece.from;
    return length === 0 ? piece.x0 : piece.x0 + ((at - piece.from) / length) * (piece.x1 - piece.x0);
  };
  const at = (pixel: number) => {
    const piece = pieces.find(({ x1 }) => pixel <= x1) ?? pieces.at(-1);
    if (piece === undefined || piece.x1 === piece.x0) return view.from;
    return piece.from + ((pixel - piece.x0) / (piece.x1 - piece.x0)) * (piece.to - piece.from);
  };
  return { view, width, pieces, x, at };
}

const stepsMin = [1 / 60, 1 / 12, 1 / 6, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440] as const;

export interface Tick {
  readonly at: number;
  readonly x: number;
}

/**
 * Ticks at round times, at least `apart` pixels from each other and none inside a break.
 * @param offset what the clock they are round on is ahead of UTC, in milliseconds.
 */
export function ticksOf(
  scale: Scale,
  apart: number,
  offset: number,
): { ticks: readonly Tick[]; stepMs: number } {
  const time = scale.pieces.filter(({ kind }) => kind === 'time');
  const shown = time.reduce((sum, { from, to }) => sum + to - from, 0);
  const pixels = time.reduce((sum, { x0, x1 }) => sum + x1 - x0, 0);
  const wanted = pixels === 0 ? 1_440 : (shown / pixels) * (apart / 60_000);
  const stepMs = (stepsMin.find((step) => step >= wanted) ?? 1_440) * 60_000;
  const ticks: Tick[] = [];
  for (const { from, to } of time) {
    const first = Math.ceil((from + offset) / stepMs) * stepMs - offset;
    for (let at = first; at <= to; at += stepMs) {
      const x = scale.x(at);
      if (x - (ticks.at(-1)?.x ?? -apart) >= apart * 0.8) ticks.push({ at, x });
    }
  }
  return { ticks, stepMs };
}
