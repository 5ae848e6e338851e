import { type Decimal, decimal, plain, zero } from '#domain/core/decimal.ts';
import { type Position, averageCost, fill, noPosition } from '#domain/ledger/position.ts';
import type { TraderPhase } from './state.ts';
import type { TraderDayView, TransitionView } from './view.ts';

/** A trader's day as it is played back. Instants are Unix milliseconds. */

export interface DaySpan {
  readonly from: number;
  /** The session's end, or now while it has not come. */
  readonly to: number;
  /** The session's end; the chart's right edge. */
  readonly end: number;
}

/** Off-hours trading around the session, in which no trader acts by itself. */
const aside: ReadonlySet<string> = new Set(['pre_open', 'post_close', 'single_price', 'after_market']);

const instantOf = (text: string | undefined, otherwise: number) =>
  text === undefined ? otherwise : Date.parse(text);

/** From the opening auction to the closing one, and around what happened beyond. */
export function spanOf({ phases: all, transitions, now }: TraderDayView): DaySpan {
  const phases = all.filter(({ name }) => !aside.has(name));
  const first = phases[0]?.start ?? transitions[0]?.at ?? now;
  const last = phases.at(-1)?.end ?? transitions.at(-1)?.at ?? now;
  const from = Math.min(Date.parse(first), instantOf(transitions[0]?.at, Infinity));
  const end = Math.max(Date.parse(last), instantOf(transitions.at(-1)?.at, -Infinity), from + 60_000);
  return { from, end, to: Math.min(end, Math.max(from, Date.parse(now))) };
}

export interface BandPiece {
  readonly phase: TraderPhase;
  readonly from: number;
  readonly to: number;
}

/** The phases over the day, one piece after the other without gaps; the last ends at `span.to`. */
export function bandOf(day: TraderDayView, span: DaySpan = spanOf(day)): BandPiece[] {
  const pieces: BandPiece[] = [];
  let [phase, from] = [day.phase_before, span.from];
  for (const { to, at: text } of day.transitions) {
    if (to === phase) continue;
    const at = Date.parse(text);
    if (at > from) pieces.push({ phase, from, to: at });
    [phase, from] = [to, Math.max(at, from)];
  }
  if (span.to > from) pieces.push({ phase, from, to: span.to });
  return pieces;
}

const quiet = (phase: TraderPhase) => phase === 'IDLE' || phase === 'SCANNING';

/** Looking and finding nothing happens all day; what moves money, or changes more than that, is worth a stop. */
export function isTelling({ from, to, effects }: TransitionView): boolean {
  return (
    !(quiet(from) && quiet(to)) ||
    effects.some(({ kind }) => kind !== 'record' && kind !== 'lock_symbol' && kind !== 'release_symbol')
  );
}

/** Where a trader stood at an instant. */
export interface Standing {
  readonly at: number;
  readonly phase: TraderPhase;
  /** The newest transition, and its place among the day's; -1 before the first. */
  readonly index: number;
  readonly transition: TransitionView | null;
  readonly symbol: string | null;
  readonly held: { readonly symbol: string; readonly quantity: string; readonly average: string } | null;
  /** Orders that were open. */
  readonly orders: TraderDayView['orders'];
  /** Made by the day's fills until then, before fees and taxes. */
  readonly realised: string;
}

/** What the fills until an instant come to; what was carried into the day is not among them. */
function heldAt(fills: TraderDayView['fills'], at: number) {
  const positions = new Map<string, Position>();
  for (const { symbol, side, quantity, price, at: text } of fills) {
    if (Date.parse(text) > at) break;
    const amount = decimal(price).times(quantity);
    const next = fill(positions.get(symbol) ?? noPosition, side, decimal(quantity), amount);
    if (next.ok) positions.set(symbol, next.position);
  }
  let realised: Decimal = zero;
  let held: Standing['held'] = null;
  for (const [symbol, position] of positions) {
    realised = realised.plus(position.realised);
    const average = averageCost(position);
    if (average !== null) held = { symbol, quantity: plain(position.quantity), average: plain(average) };
  }
  return { realised: plain(realised), held };
}

/** The newest transition at or before an instant; -1 when there is none. Several of one instant count together. */
export function indexAt(transitions: TraderDayView['transitions'], at: number): number {
  let [low, high] = [0, transitions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(transitions[middle]?.at ?? '') <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** State, event, position and open orders at an instant of the day. */
export function standingAt(day: TraderDayView, at: number): Standing {
  const index = indexAt(day.transitions, at);
  const transition = day.transitions[index] ?? null;
  const phase = transition?.to ?? day.phase_before;
  const { held, realised } = heldAt(day.fills, at);
  const idle = phase === 'IDLE' || phase === 'SCANNING';
  return {
    at,
    phase,
    index,
    transition,
    symbol: held?.symbol ?? (idle ? null : (transition?.symbol ?? null)),
    held,
    orders: day.orders.filter(
      ({ at: from, ended_at: to }) => Date.parse(from) <= at && (to === null || Date.parse(to) > at),
    ),
    realised,
  };
}

/** Instants one steps through, rising, each once: those of telling transitions, or of all. */
export function stopsOf(day: TraderDayView, all: boolean): number[] {
  const shown = all ? day.transitions : day.transitions.filter(isTelling);
  return [...new Set(shown.map(({ at }) => Date.parse(at)))];
}
