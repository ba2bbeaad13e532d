/** What seldom changes: the rim with its scale, and the two sides of a cut. */
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
  const { cx, cy, radius } = scene.place;
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
  const cut = scene.shot?.frame.cut;
  if (cut?.length === 2) drawCut(ctx, scene, { from: cut[0] ?? 0, to: cut[1] ?? 0 }, !scene.shot?.frame.holds);
  else if (scene.preview) drawCut(ctx, scene, scene.preview, true);
}

function drawScale(ctx: Ctx, scene: Scene): void {
  const { radius } = scene.place;
  const small = radius < 190;
  const outer = radius + (small ? 12 : 20);
  for (const [step, length] of [[64, 3], [16, 5], [4, 9]] as const) {
    ctx.beginPath();
    for (let i = 0; i < step; i += 1) {
      const a = pointAt(scene.place, i / step, outer);
      const b = pointAt(scene.place, i / step, outer + length * (small ? 0.6 : 1));
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
  for (const [turn, text] of LABELS) {
    const at = pointAt(scene.place, turn, outer + (small ? 12 : 19));
    ctx.textAlign = "center";
    ctx.save();
    ctx.translate(at.x, at.y);
    // At the sides the label runs along the rim, so that a narrow page loses no width to it.
    if (turn === 0.25) ctx.rotate(Math.PI / 2);
    if (turn === 0.75) ctx.rotate(-Math.PI / 2);
    ctx.fillText(text, 0, 0);
    ctx.restore();
  }
}

/** Two tinted sides, a gap at each end and a blade in the gap; faint where it is only considered, or open for the moment. */
function drawCut(ctx: Ctx, scene: Scene, cut: Arc, faint: boolean): void {
  const { cx, cy, radius } = scene.place;
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
  const a = pointAt(scene.place, cut.from, radius);
  const b = pointAt(scene.place, cut.to, radius);
  ctx.setLineDash([5, 6]);
  ctx.globalAlpha = faint ? 0.3 : 0.55;
  ctx.beginPath();
  ctx.moveTo(a.x, a.y);
  ctx.lineTo(b.x, b.y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = faint ? 0.5 : 1;
  for (const turn of [cut.from, cut.to]) drawScissors(ctx, scene, turn, outer);
  ctx.restore();
}

/** Open scissors that point inwards: two handles, two blades. */
function drawScissors(ctx: Ctx, scene: Scene, turn: number, outer: number): void {
  const at = pointAt(scene.place, turn, outer);
  const s = scene.place.radius < 190 ? 0.75 : 1;
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.rotate(angleOf(turn));
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
