/** Painting of one block on the ring: ranges of its tokens, peers that know it, messages on their way. */
import { withAlpha } from "../charts/plot";
import { angleOf, pointAt, type RingLayout } from "../ring/geometry";
import { positionOf } from "../ring/ids";
import type { Palette } from "../ring/palette";
import type { BlockMark } from "../wasm/ringside_wasm.js";
import { tokensOf } from "./marks";

/** Width of an arc, and its distance from the ring. */
const ARC = 7;
const GAP = 10;
const DOT = 3;
const PULSE = 2.5;

/** Colours of peers by what they have done with a block. */
export const COLOURS = ["identified", "pending", "danger", "connected"] as const satisfies readonly (keyof Palette)[];

export function paintBlock(ctx: CanvasRenderingContext2D, block: BlockMark, size: number, palette: Palette): void {
  const layout: RingLayout = { width: size, height: size, cx: size / 2, cy: size / 2, radius: size / 2 - 2 * GAP };
  ctx.clearRect(0, 0, size, size);
  ctx.strokeStyle = palette.line;
  ctx.beginPath();
  ctx.arc(layout.cx, layout.cy, layout.radius, 0, 2 * Math.PI);
  ctx.stroke();
  paintMessages(ctx, block, layout, palette);
  for (const { token, arc: [from, to] } of tokensOf(block)) {
    ctx.strokeStyle = withAlpha(palette.accent, 0.8);
    ctx.lineWidth = ARC;
    ctx.beginPath();
    ctx.arc(layout.cx, layout.cy, layout.radius + GAP, angleOf(from), angleOf(to));
    ctx.stroke();
    ctx.lineWidth = 2;
    ctx.strokeStyle = palette.ink;
    line(ctx, layout, positionOf(token), layout.radius + GAP - ARC, layout.radius + GAP + ARC);
  }
  ctx.lineWidth = 1;
  block.holder.forEach((peer, i) => {
    const { x, y } = pointAt(layout, positionOf(peer));
    const stand = block.stand[i] ?? 0;
    ctx.fillStyle = palette[COLOURS[stand] ?? "muted"];
    ctx.beginPath();
    // A square has refused: colours alone do not tell.
    if (stand === 2) ctx.rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT);
    else ctx.arc(x, y, stand === 3 ? DOT + 1 : DOT, 0, 2 * Math.PI);
    ctx.fill();
  });
}

/** A pulse half-way along the chord of each message. */
function paintMessages(ctx: CanvasRenderingContext2D, block: BlockMark, layout: RingLayout, palette: Palette): void {
  for (let i = 0; i + 1 < block.messages.length; i += 2) {
    const [from, to] = [block.messages[i] ?? 0n, block.messages[i + 1] ?? 0n].map((peer) => pointAt(layout, positionOf(peer)));
    if (!from || !to) continue;
    ctx.strokeStyle = withAlpha(palette.query, 0.25);
    ctx.beginPath();
    ctx.moveTo(from.x, from.y);
    ctx.lineTo(to.x, to.y);
    ctx.stroke();
    ctx.fillStyle = palette.query;
    ctx.beginPath();
    ctx.arc((from.x + to.x) / 2, (from.y + to.y) / 2, PULSE, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** A tick at a position, from one radius to another. */
function line(ctx: CanvasRenderingContext2D, layout: RingLayout, position: number, inner: number, outer: number): void {
  const [from, to] = [pointAt(layout, position, inner), pointAt(layout, position, outer)];
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}
