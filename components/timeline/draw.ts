import type { PhaseName } from '#domain/time/calendar/plan.ts';
import type { Bar, JobRow, Mark, Outcome } from '#domain/timeline/rows.ts';
import type { Scale, Tick } from '#domain/timeline/scale.ts';
import type { Colours } from './colours.ts';
import { drawGlyph, marked } from './glyphs.ts';

type Paint = CanvasRenderingContext2D;

/** Where rows lie on their canvas, in pixels. */
export interface RowLook {
  readonly height: number;
  /** Of the bars, from the row's top. */
  readonly middle: number;
}

export interface ShownPhase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

export interface Scene {
  readonly rows: readonly JobRow[];
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  readonly phases: readonly ShownPhase[];
  readonly look: RowLook;
  readonly colours: Colours;
  /** Of the scope, in Unix milliseconds. */
  readonly now: number;
  /** Runs that ended otherwise are faint; null: none. */
  readonly outcome: Outcome | null;
  /** The row and run under the pointer or chosen by keys. */
  readonly focus: { readonly row: number; readonly item: Bar | Mark | null } | null;
}

const calm = new Set<PhaseName>(['pre_open', 'post_close', 'single_price', 'after_market']);

/** Whether anything between two pixels can be seen. */
const seen = (scale: Scale, x0: number, x1: number) => x1 >= -8 && x0 <= scale.width + 8;

function drawGround(paint: Paint, { rows, scale, ticks, phases, look, colours, focus }: Scene): void {
  const height = rows.length * look.height;
  for (const { name, from, to } of phases) {
    if (calm.has(name)) continue;
    const [x0, x1] = [scale.x(from), scale.x(to)];
    if (!seen(scale, x0, x1)) continue;
    paint.fillStyle = name === 'continuous' ? colours.session : colours.auction;
    paint.fillRect(x0, 0, x1 - x0, height);
  }
  paint.fillStyle = colours.hairline;
  for (const { x } of ticks) paint.fillRect(Math.round(x), 0, 1, height);
  for (let row = 1; row < rows.length; row += 1) paint.fillRect(0, row * look.height - 1, scale.width, 1);
  if (focus !== null) {
    paint.globalAlpha = 0.07;
    paint.fillStyle = colours.ink;
    paint.fillRect(0, focus.row * look.height, scale.width, look.height);
    paint.globalAlpha = 1;
  }
  drawBreaks(paint, scale, height, colours);
}

/** A break: the axis leaves out time in which nothing happens. */
function drawBreaks(paint: Paint, scale: Scale, height: number, colours: Colours): void {
  for (const { kind, x0, x1 } of scale.pieces) {
    if (kind !== 'break') continue;
    paint.save();
    paint.beginPath();
    paint.rect(x0, 0, x1 - x0, height);
    paint.clip();
    paint.fillStyle = colours.surface;
    paint.fillRect(x0, 0, x1 - x0, height);
    paint.strokeStyle = colours.hairline;
    paint.beginPath();
    for (let y = -30; y < height + 30; y += 6) {
      paint.moveTo(x0, y + 14);
      paint.lineTo(x1, y);
    }
    paint.stroke();
    paint.restore();
  }
}

function barHeight(lanes: number): number {
  if (lanes === 1) return 10;
  return lanes === 2 ? 6 : 4;
}

function laneMiddle(top: number, look: RowLook, lane: number, lanes: number): number {
  return top + look.middle + (lane - (lanes - 1) / 2) * (barHeight(lanes) + 1);
}

function drawWait(paint: Paint, bar: Bar, y: number, scene: Scene): void {
  const { scale, colours, now } = scene;
  const until = bar.start ?? (bar.outcome === 'skipped' ? bar.queued : (bar.end ?? now));
  const [x0, x1] = [scale.x(bar.queued), scale.x(until)];
  if (x1 - x0 < 1.5) return;
  paint.fillStyle = colours.outcome.waiting;
  if (bar.start === null && bar.end === null) {
    for (let x = x0; x < x1; x += 5) paint.fillRect(x, y - 0.75, Math.min(3, x1 - x), 1.5);
    paint.fillRect(x0 - 0.5, y - 4, 1, 8);
  } else {
    paint.fillRect(x0, y - 0.5, x1 - x0, 1);
    paint.fillRect(x0, y - 2.5, 1, 5);
  }
}

function drawBar(paint: Paint, bar: Bar, y: number, height: number, scene: Scene): void {
  const { scale, colours, now } = scene;
  if (bar.start === null) return;
  const x0 = scale.x(bar.start);
  const width = Math.max(2, scale.x(bar.end ?? now) - x0);
  paint.fillStyle = colours.outcome[bar.outcome];
  if (bar.outcome === 'cancelled' && width > 4) {
    paint.strokeStyle = colours.outcome.cancelled;
    paint.lineWidth = 1;
    paint.strokeRect(x0 + 0.5, y - height / 2 + 0.5, width - 1, height - 1);
  } else if (width > 6) {
    paint.beginPath();
    paint.roundRect(x0, y - height / 2, width, height, 2);
    paint.fill();
  } else paint.fillRect(x0, y - height / 2, width, height);
  // A run that goes on points onward.
  if (bar.end === null) {
    paint.beginPath();
    paint.moveTo(x0 + width + 1, y - height / 2 - 1);
    paint.lineTo(x0 + width + 6, y);
    paint.lineTo(x0 + width + 1, y + height / 2 + 1);
    paint.fill();
  }
  // Further attempts leave a notch under the bar.
  if (bar.run.attempt > 1) {
    paint.fillStyle = colours.outcome.retrying;
    paint.fillRect(x0, y + height / 2 + 1, Math.min(Math.max(3, width), 8), 2);
  }
}

const isMarked = (bar: Bar) => marked.some((name) => name === bar.outcome);

/** Bars of what went well lie below, so that what did not is never hidden; shapes stand where they have room. */
function drawRow(paint: Paint, row: JobRow, top: number, scene: Scene): void {
  const { scale, look, now, outcome, colours } = scene;
  const height = barHeight(row.lanes);
  const last = new Map<Outcome, number>();
  const visible = row.bars.filter((bar) =>
    seen(scale, scale.x(Math.min(bar.queued, bar.start ?? bar.queued)), scale.x(bar.end ?? now)),
  );
  for (const bar of [...visible.filter((each) => !isMarked(each)), ...visible.filter(isMarked)]) {
    const y = laneMiddle(top, look, bar.lane, row.lanes);
    const faded = outcome !== null && bar.outcome !== outcome ? 0.2 : 1;
    paint.globalAlpha = faded;
    drawWait(paint, bar, y, scene);
    // What went well is the quiet ground that the rest stands out from.
    paint.globalAlpha = faded * (bar.outcome === 'succeeded' ? 0.72 : 1);
    drawBar(paint, bar, y, height, scene);
    paint.globalAlpha = faded;
    if (!isMarked(bar)) continue;
    const x = bar.start === null ? scale.x(bar.scheduled) : scale.x(bar.end ?? now);
    if (x - (last.get(bar.outcome) ?? -Infinity) < 9) continue;
    last.set(bar.outcome, x);
    drawGlyph(paint, bar.outcome, x, top + look.middle, colours);
  }
  paint.globalAlpha = 1;
}

function drawMarks(paint: Paint, row: JobRow, top: number, scene: Scene): void {
  const { scale, look, colours } = scene;
  const y = top + look.middle;
  paint.strokeStyle = colours.faint;
  paint.lineWidth = 1;
  let last = -Infinity;
  for (const mark of row.marks) {
    const [x0, x1] = [scale.x(mark.from), scale.x(mark.to)];
    if (!seen(scale, x0, x1)) continue;
    if (mark.count > 1) drawBand(paint, mark, x0, x1, y, scene);
    else if (x0 - last >= 9) {
      paint.beginPath();
      paint.arc(x0, y, 3, 0, Math.PI * 2);
      paint.stroke();
      last = x0;
    } else {
      // Too close for circles: strokes.
      paint.fillStyle = colours.faint;
      if (x0 - last >= 2) paint.fillRect(Math.round(x0), y - 3, 1, 6);
    }
  }
}

/** Many fires: an outline from the first to the last, with a stroke for each where they fit. */
function drawBand(
  paint: Paint,
  mark: Mark,
  x0: number,
  x1: number,
  y: number,
  { scale, colours }: Scene,
): void {
  const [left, right] = [Math.max(-2, x0), Math.min(scale.width + 2, x1)];
  paint.save();
  paint.setLineDash([3, 2]);
  paint.strokeStyle = colours.faint;
  paint.strokeRect(left + 0.5, y - 4.5, Math.max(2, right - left), 9);
  paint.restore();
  const step = scale.x(mark.from + mark.everyMs) - x0;
  if (step < 5 || mark.everyMs === 0) return;
  paint.fillStyle = colours.faint;
  const first = Math.max(0, Math.floor((left - x0) / step));
  for (let k = first; x0 + k * step <= right; k += 1) paint.fillRect(Math.round(x0 + k * step), y - 2, 1, 4);
}

function outlineFocus(paint: Paint, { focus, rows, scale, look, colours, now }: Scene): void {
  const row = focus === null ? undefined : rows[focus.row];
  const item = focus?.item;
  if (focus === null || row === undefined || item === null || item === undefined) return;
  const isBar = 'run' in item;
  const x0 = scale.x(isBar ? (item.start ?? item.queued) : item.from);
  const x1 = scale.x(isBar ? (item.start === null ? item.queued : (item.end ?? now)) : item.to);
  const y = focus.row * look.height + look.middle;
  paint.strokeStyle = colours.ink;
  paint.lineWidth = 1.5;
  paint.beginPath();
  paint.roundRect(x0 - 4, y - 8.5, Math.max(2, x1 - x0) + 8, 17, 4);
  paint.stroke();
}

/** Draws rows on their canvas, as large as the scale is wide and the rows are high. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene): void {
  const { scale, rows, look } = scene;
  const ratio = window.devicePixelRatio;
  const size = {
    width: Math.round(scale.width * ratio),
    height: Math.round(rows.length * look.height * ratio),
  };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const paint = canvas.getContext('2d');
  if (paint === null) return;
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.clearRect(0, 0, scale.width, rows.length * look.height);
  drawGround(paint, scene);
  for (const [index, row] of rows.entries()) {
    drawMarks(paint, row, index * look.height, scene);
    drawRow(paint, row, index * look.height, scene);
  }
  outlineFocus(paint, scene);
}

/** The run, else the planned fires, nearest to a pixel of a row; null when none is within reach. */
export function itemAt(row: JobRow, x: number, scale: Scale, now: number, reach: number): Bar | Mark | null {
  let best: Bar | Mark | null = null;
  let distance = reach + 0.001;
  const offer = (item: Bar | Mark, from: number, to: number, favour: number) => {
    const away = Math.max(0, scale.x(from) - x, x - scale.x(to)) - favour;
    if (away < distance) [best, distance] = [item, away];
  };
  for (const mark of row.marks) offer(mark, mark.from, mark.to, 0);
  for (const bar of row.bars) {
    const from = bar.outcome === 'skipped' ? bar.scheduled : Math.min(bar.queued, bar.start ?? bar.queued);
    offer(bar, from, bar.outcome === 'skipped' ? bar.scheduled : (bar.end ?? now), isMarked(bar) ? 3 : 0.001);
  }
  return best;
}
