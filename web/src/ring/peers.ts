/** The peers: state by shape and by colour, size by how many Connected peers one has. One path a state, not one a peer. */
import { markRadius } from "./geometry";
import { STATUS, type Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;
const TAU = 2 * Math.PI;
/** From this size on a mark has room for its number. */
const LEGIBLE = 9;

export function drawPeers(ctx: Ctx, scene: Scene): void {
  const frame = scene.shot?.frame;
  if (!frame) return;
  const base = markRadius(frame.peerId.length, scene.place.radius);
  const groups: number[][] = [[], [], [], [], []];
  for (let i = 0; i < frame.status.length; i += 1) groups[frame.status[i] ?? 0]?.push(i);
  const size = sizer(scene, base);
  drawAlone(ctx, scene, groups[STATUS.alone] ?? [], base);
  drawDiscs(ctx, scene, groups[STATUS.identified] ?? [], () => base * 0.82, scene.palette.identified, "hollow");
  drawDiscs(ctx, scene, groups[STATUS.pending] ?? [], () => base * 0.88, scene.palette.pending, "half");
  drawDiscs(ctx, scene, groups[STATUS.connected] ?? [], size, scene.palette.connected, "solid");
  drawCrosses(ctx, scene, groups[STATUS.crashed] ?? [], base * 0.7);
  if (base >= LEGIBLE) drawNumbers(ctx, scene, groups[STATUS.connected] ?? [], size);
}

/** Area grows with the number of Connected peers, between the size of a lone mark and the room there is. */
export function sizer(scene: Scene, base: number): (i: number) => number {
  const counts = scene.shot?.frame.connected ?? new Uint16Array();
  let most = 6;
  for (const count of counts) if (count > most) most = count;
  return (i) => base * (0.72 + 0.42 * Math.sqrt((counts[i] ?? 0) / most));
}

function drawAlone(ctx: Ctx, scene: Scene, group: number[], base: number): void {
  ctx.fillStyle = scene.palette.alone;
  ctx.beginPath();
  for (const i of group) disc(ctx, scene, i, Math.max(1.2, base * 0.32));
  ctx.fill();
}

/** Up to this many marks may be told apart one by one where they overlap. */
const FEW = 400;

function drawDiscs(
  ctx: Ctx, scene: Scene, group: number[], size: (i: number) => number, colour: string, fill: "hollow" | "half" | "solid",
): void {
  if (group.length === 0) return;
  const r0 = size(group[0] ?? 0);
  ctx.lineWidth = Math.max(0.8, Math.min(2, r0 * 0.26));
  ctx.strokeStyle = colour;
  ctx.fillStyle = fill === "solid" ? colour : scene.palette.paper;
  if (fill === "solid" && group.length <= FEW) {
    drawOutlined(ctx, scene, group, size);
    return;
  }
  ctx.beginPath();
  for (const i of group) disc(ctx, scene, i, size(i));
  ctx.fill();
  if (fill !== "solid") ctx.stroke();
  if (fill === "half") {
    ctx.fillStyle = colour;
    ctx.beginPath();
    for (const i of group) {
      const x = scene.x[i] ?? 0;
      const y = scene.y[i] ?? 0;
      ctx.moveTo(x, y + size(i));
      ctx.arc(x, y, size(i), Math.PI / 2, 1.5 * Math.PI);
    }
    ctx.fill();
  }
}

/** A rim of paper keeps marks apart that overlap. */
function drawOutlined(ctx: Ctx, scene: Scene, group: number[], size: (i: number) => number): void {
  ctx.strokeStyle = scene.palette.paper;
  ctx.lineWidth = 1.5;
  for (const i of group) {
    ctx.beginPath();
    disc(ctx, scene, i, size(i));
    ctx.fill();
    ctx.stroke();
  }
}

function disc(ctx: Ctx, scene: Scene, i: number, r: number): void {
  const x = scene.x[i] ?? 0;
  const y = scene.y[i] ?? 0;
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, TAU);
}

function drawCrosses(ctx: Ctx, scene: Scene, group: number[], r: number): void {
  ctx.strokeStyle = scene.palette.crashed;
  ctx.lineWidth = Math.max(1, Math.min(2.4, r * 0.35));
  ctx.beginPath();
  for (const i of group) {
    const x = scene.x[i] ?? 0;
    const y = scene.y[i] ?? 0;
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
  }
  ctx.stroke();
}

function drawNumbers(ctx: Ctx, scene: Scene, group: number[], size: (i: number) => number): void {
  const counts = scene.shot?.frame.connected;
  if (!counts) return;
  ctx.fillStyle = scene.palette.paper;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const i of group) {
    ctx.font = `600 ${Math.round(size(i) * 1.05)}px system-ui, sans-serif`;
    ctx.fillText(String(counts[i] ?? 0), scene.x[i] ?? 0, (scene.y[i] ?? 0) + 0.5);
  }
}
