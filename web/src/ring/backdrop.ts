/** Backdrop of the ring, which seldom changes: the rim with its scale, and the sides of a partition. */
import { angleOf, pointAt } from "./geometry";
import type { Arc, Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;

const LABELS: [number, string][] = [
  [0, "0000…"],
  [0.25, "4000…"],
  [0.5, "8000…"],
  [0.75, "c000…"],
];

export function drawBackdrop(ctx: Ctx, scene: Scene): void {
  const { cx, cy, radius } = scene.layout;
  const glow = ctx.createRadialGradient(cx, cy, radius * 0.2, cx, cy, radius);
  glow.addColorStop(0, scene.palette.panel);
  glow.addColorStop(1, scene.palette.paper);
  ctx.fillStyle = glow;
  ctx.beginPath();
  ctx.arc(cx, cy, radius, 0, 2 * Math.PI);
  ctx.fill();
  ctx.strokeStyle = scene.palette.line;
  ctx.lineWidth = 1.25;
  ctx.stroke();
  drawScale(ctx, scene);
  const cut = scene.update?.frame.cut;
  if (cut?.length === 2) drawCut(ctx, scene, { from: cut[0] ?? 0, to: cut[1] ?? 0 }, !scene.update?.frame.holds);
  else if (scene.preview) drawCut(ctx, scene, scene.preview, true);
}

function drawScale(ctx: Ctx, scene: Scene): void {
  const { radius } = scene.layout;
  const small = radius < 190;
  const outer = radius + (small ? 12 : 20);
  for (const [step, length] of [[64, 3], [16, 5], [4, 9]] as const) {
    ctx.beginPath();
    for (let i = 0; i < step; i += 1) {
      const a = pointAt(scene.layout, i / step, outer);
      const b = pointAt(scene.layout, i / step, outer + length * (small ? 0.6 : 1));
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
    }
    ctx.strokeStyle = scene.palette.muted;
    ctx.globalAlpha = step === 4 ? 1 : 0.45;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = scene.palette.muted;
  ctx.font = `${small ? 9.5 : 11}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace`;
  ctx.textBaseline = "middle";
  for (const [position, text] of LABELS) {
    const at = pointAt(scene.layout, position, outer + (small ? 12 : 19));
    ctx.textAlign = "center";
    ctx.save();
    ctx.translate(at.x, at.y);
    // Labels at the sides run along the rim, which saves width on a narrow page.
    if (position === 0.25) ctx.rotate(Math.PI / 2);
    if (position === 0.75) ctx.rotate(-Math.PI / 2);
    ctx.fillText(text, 0, 0);
    ctx.restore();
  }
}

/**
 * Draws two tinted sides with scissors between them; faint if the partition is being set up, or lifted for
 * the moment.
 */
function drawCut(ctx: Ctx, scene: Scene, cut: Arc, faint: boolean): void {
  const { cx, cy, radius } = scene.layout;
  const { palette } = scene;
  const outer = radius + (radius < 190 ? 8 : 13);
  const gap = Math.min(0.012, 7 / radius / Math.PI);
  ctx.save();
  ctx.globalAlpha = faint ? 0.45 : 1;
  ctx.lineCap = "butt";
  for (const [from, to, colour] of [
    [cut.from, cut.to, palette.cutA],
    [cut.to, cut.from, palette.cutB],
  ] as const) {
    const end = to <= from ? to + 1 : to;
    const a = angleOf(from + gap);
    const b = angleOf(end - gap);
    ctx.globalAlpha = faint ? 0.05 : 0.09;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(cx, cy, radius, a, b);
    ctx.closePath();
    ctx.fill();
    ctx.globalAlpha = faint ? 0.5 : 1;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 3.5;
    ctx.beginPath();
    ctx.arc(cx, cy, outer, a, b);
    ctx.stroke();
  }
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.25;
  const a = pointAt(scene.layout, cut.from, radius);
  const b = pointAt(scene.layout, cut.to, radius);
  ctx.setLineDash([5, 6]);
  ctx.globalAlpha = faint ? 0.3 : 0.55;
  ctx.beginPath();
  ctx.moveTo(a.x, a.y);
  ctx.lineTo(b.x, b.y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = faint ? 0.5 : 1;
  for (const position of [cut.from, cut.to]) drawScissors(ctx, scene, position, outer);
  ctx.restore();
}

/** Draws open scissors that point inwards. */
function drawScissors(ctx: Ctx, scene: Scene, position: number, outer: number): void {
  const at = pointAt(scene.layout, position, outer);
  const s = scene.layout.radius < 190 ? 0.75 : 1;
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.rotate(angleOf(position));
  ctx.scale(s, s);
  ctx.strokeStyle = scene.palette.ink;
  ctx.fillStyle = scene.palette.paper;
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  ctx.moveTo(8, -3.5);
  ctx.lineTo(-10, 3);
  ctx.moveTo(8, 3.5);
  ctx.lineTo(-10, -3);
  ctx.stroke();
  for (const side of [-1, 1]) {
    ctx.beginPath();
    ctx.arc(10.5, side * 4.4, 3, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
