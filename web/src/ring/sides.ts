/** Halves, regions and the like: a mark outside every peer tells on which side it is. Cuts of an arc are drawn on the rim itself. */
import { markRadius } from "./geometry";
import type { Palette } from "./palette";
import type { Scene } from "./scene";

const COLOURS: (keyof Palette)[] = ["cutA", "cutB", "pending", "connected", "identified", "query"];
const LENGTH = 9;

/** The place of every side among those that there are, by its number: a side keeps its colour while peers come and go. */
export function placesOf(side: Uint8Array): Map<number, number> {
  return new Map([...new Set(side)].sort((a, b) => a - b).map((number, place) => [number, place]));
}

export function sideColour(palette: Palette, place: number): string {
  return palette[COLOURS[place % COLOURS.length] ?? "cutA"];
}

/** Sides differ by colour, and every other one is drawn in two short pieces instead of one. */
export function drawSides(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const frame = scene.shot?.frame;
  if (!frame || frame.side.length === 0) return;
  const start = scene.place.radius + markRadius(frame.side.length, scene.place.radius) + 5;
  ctx.save();
  ctx.globalAlpha = frame.holds ? 1 : 0.4;
  ctx.lineWidth = Math.max(1, Math.min(4, 900 / frame.side.length));
  for (const [number, place] of placesOf(frame.side)) {
    const pieces = place % 2 === 0 ? [[0, 1] as const] : [[0, 0.36] as const, [0.64, 1] as const];
    ctx.strokeStyle = sideColour(scene.palette, place);
    ctx.beginPath();
    frame.side.forEach((side, i) => {
      if (side === number) for (const [from, to] of pieces) line(ctx, scene, i, start + LENGTH * from, start + LENGTH * to);
    });
    ctx.stroke();
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, scene: Scene, i: number, from: number, to: number): void {
  const { cx, cy } = scene.place;
  const x = scene.directions.x[i] ?? 0;
  const y = scene.directions.y[i] ?? 0;
  ctx.moveTo(cx + from * x, cy + from * y);
  ctx.lineTo(cx + to * x, cy + to * y);
}
