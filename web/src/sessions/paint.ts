/** Painting of the session chart. */
import { withAlpha } from "../charts/plot";
import type { Palette } from "../ring/palette";
import type { Pair } from "./bars";

/** Height of a row and of its bar, in CSS pixels. */
export const ROW = 12;
const BAR = 8;
/** Gap after a bar that makes the end of a session visible. */
const GAP = 1;

/**
 * Paints the rows between two ticks into a canvas of a width in CSS pixels: open sessions reach the right edge. A dashed
 * line marks a tick of note.
 */
export function paint(
  ctx: CanvasRenderingContext2D, pairs: Pair[], [from, to]: [number, number], width: number, palette: Palette, mark: number | null,
): void {
  const x = (tick: number): number => ((tick - from) / Math.max(1, to - from)) * width;
  ctx.clearRect(0, 0, width, pairs.length * ROW);
  pairs.forEach((pair, row) => {
    const y = row * ROW + (ROW - BAR) / 2;
    ctx.fillStyle = withAlpha(palette.line, 0.5);
    ctx.fillRect(0, y + BAR / 2, width, 1);
    for (const bar of pair.bars) {
      ctx.fillStyle = bar.isOpen ? palette.connected : palette.pending;
      ctx.fillRect(x(bar.from), y, Math.max(1, x(bar.to) - x(bar.from) - (bar.isOpen ? 0 : GAP)), BAR);
    }
  });
  if (mark === null || mark < from) return;
  ctx.strokeStyle = palette.ink;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x(mark), 0);
  ctx.lineTo(x(mark), pairs.length * ROW);
  ctx.stroke();
  ctx.setLineDash([]);
}
