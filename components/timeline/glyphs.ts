import type { Outcome } from '#domain/timeline/rows.ts';
import type { Colours } from './colours.ts';

type Paint = CanvasRenderingContext2D;

/** Outcomes that carry a shape of their own beside the bar. */
export const marked = ['failed', 'quarantined', 'cancelled', 'skipped'] as const satisfies readonly Outcome[];

function cross(paint: Paint, x: number, y: number, arm: number): void {
  paint.moveTo(x - arm, y - arm);
  paint.lineTo(x + arm, y + arm);
  paint.moveTo(x + arm, y - arm);
  paint.lineTo(x - arm, y + arm);
}

/** An outcome's shape, as its status icon has it: an octagon crossed out, a triangle, a struck circle, a double arrow. */
export function drawGlyph(paint: Paint, outcome: Outcome, x: number, y: number, colours: Colours): void {
  const colour = colours.outcome[outcome];
  paint.save();
  paint.fillStyle = colour;
  paint.strokeStyle = colour;
  paint.lineWidth = 1.25;
  paint.beginPath();
  switch (outcome) {
    case 'failed': {
      const [r, k] = [5, 2.1];
      const corners = [
        [-k, -r],
        [k, -r],
        [r, -k],
        [r, k],
        [k, r],
        [-k, r],
        [-r, k],
        [-r, -k],
      ] as const;
      for (const [dx, dy] of corners) paint.lineTo(x + dx, y + dy);
      paint.closePath();
      paint.lineWidth = 2;
      paint.strokeStyle = colours.surface;
      paint.stroke();
      paint.fill();
      paint.beginPath();
      paint.lineWidth = 1.25;
      cross(paint, x, y, 2);
      paint.stroke();
      break;
    }
    case 'quarantined':
      paint.moveTo(x, y - 6);
      paint.lineTo(x + 6, y + 5);
      paint.lineTo(x - 6, y + 5);
      paint.closePath();
      paint.lineWidth = 2;
      paint.strokeStyle = colours.surface;
      paint.stroke();
      paint.fill();
      paint.fillStyle = colours.surface;
      paint.fillRect(x - 0.75, y - 1.5, 1.5, 3);
      paint.fillRect(x - 0.75, y + 2.5, 1.5, 1.25);
      break;
    case 'cancelled':
      paint.arc(x, y, 4, 0, Math.PI * 2);
      paint.fillStyle = colours.surface;
      paint.fill();
      paint.moveTo(x - 2.8, y - 2.8);
      paint.lineTo(x + 2.8, y + 2.8);
      paint.stroke();
      break;
    case 'skipped':
      for (const dx of [-4.5, 0]) {
        paint.moveTo(x + dx, y - 3.5);
        paint.lineTo(x + dx + 4, y);
        paint.lineTo(x + dx, y + 3.5);
        paint.closePath();
      }
      paint.fillStyle = colours.surface;
      paint.fill();
      paint.stroke();
      break;
    case 'waiting':
    case 'running':
    case 'succeeded':
    case 'retrying':
      break;
  }
  paint.restore();
}
