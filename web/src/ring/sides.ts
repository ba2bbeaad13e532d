/** Sides of partitions that are not arcs: a mark outside every peer shows its side. */
import { markRadius } from "./geometry";
import type { Palette } from "./palette";
import type { Scene } from "./scene";

const COLOURS: (keyof Palette)[] = ["cutA", "cutB", "pending", "connected", "identified", "query"];
const LENGTH = 9;

/**
 * Index of every side by its number, in ascending order, so that a side keeps its colour while peers come
 * and go.
 */
export function sideIndices(side: Uint8Array): Map<number, number> {
  return new Map([...new Set(side)].sort((a, b) => a - b).map((number, index) => [number, index]));
}

export function sideColour(palette: Palette, index: number): string {
  return palette[COLOURS[index % COLOURS.length] ?? "cutA"];
}

/** Draws the marks of sides, which differ by colour; every other one is dashed. */
export function drawSides(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const frame = scene.update?.frame;
  if (!frame || frame.side.length === 0) return;
  const start = scene.layout.radius + markRadius(frame.side.length, scene.layout.radius) + 5;
  ctx.save();
  ctx.globalAlpha = frame.holds ? 1 : 0.4;
  ctx.lineWidth = Math.max(1, Math.min(4, 900 / frame.side.length));
  for (const [number, index] of sideIndices(frame.side)) {
    const pieces = index % 2 === 0 ? [[0, 1] as const] : [[0, 0.36] as const, [0.64, 1] as const];
    ctx.strokeStyle = sideColour(scene.palette, index);
    ctx.beginPath();
    frame.side.forEach((side, i) => {
      if (side === number) for (const [from, to] of pieces) line(ctx, scene, i, start + LENGTH * from, start + LENGTH * to);
    });
    ctx.stroke();
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, scene: Scene, i: number, from: number, to: number): void {
  const { cx, cy } = scene.layout;
  const x = scene.directions.x[i] ?? 0;
  const y = scene.directions.y[i] ?? 0;
  ctx.moveTo(cx + from * x, cy + from * y);
  ctx.lineTo(cx + to * x, cy + to * y);
}
