/** Painting of the radio map and of the ledger strip. */
import { withAlpha } from "../charts/plot";
import type { Palette } from "../ring/palette";
import type { Bar, Node } from "./layout";

/** Radius of a host in CSS pixels. */
const DOT = 4;

/** Paints the map: ranges of those that transmit, hosts by their duty cycle, and hosts at which frames overlap. */
export function paintMap(ctx: CanvasRenderingContext2D, nodes: Node[], size: number, range: number, chosen: bigint | null, palette: Palette): void {
  ctx.clearRect(0, 0, size, size);
  for (const node of nodes.filter(({ isSending, host }) => isSending || host === chosen)) {
    ctx.beginPath();
    ctx.arc(node.x, node.y, range, 0, 2 * Math.PI);
    ctx.fillStyle = withAlpha(palette.query, node.isSending ? 0.12 : 0);
    ctx.fill();
    ctx.strokeStyle = withAlpha(node.isSending ? palette.query : palette.muted, 0.6);
    ctx.setLineDash(node.isSending ? [] : [4, 4]);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  for (const node of nodes) {
    const radius = node.isGateway ? DOT + 2 : DOT;
    ctx.fillStyle = node.duty > 1 ? palette.danger : node.isSending ? palette.query : palette.connected;
    ctx.beginPath();
    if (node.isGateway) ctx.rect(node.x - radius, node.y - radius, 2 * radius, 2 * radius);
    else ctx.arc(node.x, node.y, radius, 0, 2 * Math.PI);
    ctx.fill();
    if (node.heard > 1) cross(ctx, node, palette.danger);
    if (node.host === chosen) ring(ctx, node, radius + 3, palette.ink);
  }
}

/** A cross over a host at which frames overlap. */
function cross(ctx: CanvasRenderingContext2D, { x, y }: Node, colour: string): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const side of [-1, 1]) {
    ctx.moveTo(x - DOT - 2, y - side * (DOT + 2));
    ctx.lineTo(x + DOT + 2, y + side * (DOT + 2));
  }
  ctx.stroke();
  ctx.lineWidth = 1;
}

function ring(ctx: CanvasRenderingContext2D, { x, y }: Node, radius: number, colour: string): void {
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
}

/** Paints the transmissions of the last hour, the latest at the right; each is at least a pixel wide. */
export function paintStrip(ctx: CanvasRenderingContext2D, bars: Bar[], width: number, height: number, isOver: boolean, palette: Palette): void {
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = withAlpha(palette.line, 0.5);
  ctx.fillRect(0, height - 1, width, 1);
  ctx.fillStyle = isOver ? palette.danger : palette.connected;
  for (const { from, to } of bars) ctx.fillRect(from * width, 0, Math.max(1, (to - from) * width), height - 2);
}
