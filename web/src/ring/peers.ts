/** The peers: state by shape and by colour, size by how many Connected peers one has. One path a state, not one a peer. */
import { markRadius } from "./geometry";
import { STATUS, type Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;
const TAU = 2 * Math.PI;
/** From this size on a mark has room for its number. */
const LEGIBLE = 9;
/** Points of an adversary's star. */
const SPIKES = 9;

export function drawPeers(ctx: Ctx, scene: Scene): void {
  const frame = scene.shot?.frame;
  if (!frame) return;
  const base = markRadius(frame.peerId.length, scene.place.radius);
  const groups: number[][] = Object.values(STATUS).map(() => []);
  for (let i = 0; i < frame.status.length; i += 1) groups[frame.status[i] ?? 0]?.push(i);
  const size = sizer(scene, base);
  drawBursts(ctx, scene, (i) => (frame.status[i] === STATUS.connected ? size(i) : base * 0.82));
  drawAlone(ctx, scene, groups[STATUS.alone] ?? [], base);
  drawDiscs(ctx, scene, groups[STATUS.identified] ?? [], () => base * 0.82, scene.palette.identified, "hollow");
  drawDiscs(ctx, scene, groups[STATUS.pending] ?? [], () => base * 0.88, scene.palette.pending, "half");
  drawDiscs(ctx, scene, groups[STATUS.connected] ?? [], size, scene.palette.connected, "solid");
  drawPaused(ctx, scene, groups[STATUS.paused] ?? [], base * 0.82);
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

/** Spikes around the marks of adversaries: whatever they are to others, nobody takes them for honest. */
function drawBursts(ctx: Ctx, scene: Scene, size: (i: number) => number): void {
  const conduct = scene.shot?.frame.conduct ?? new Uint8Array();
  ctx.fillStyle = scene.palette.adversary;
  ctx.beginPath();
  for (let i = 0; i < conduct.length; i += 1) {
    if (conduct[i] === 0) continue;
    const r = size(i);
    burst(ctx, scene.x[i] ?? 0, scene.y[i] ?? 0, Math.max(r * 1.7, r + 3), Math.max(r * 1.12, 1.2));
  }
  ctx.fill();
}

/** A star of many points. */
function burst(ctx: Ctx, x: number, y: number, outer: number, inner: number): void {
  for (let point = 0; point < 2 * SPIKES; point += 1) {
    const r = point % 2 === 0 ? outer : inner;
    const angle = (point * Math.PI) / SPIKES - Math.PI / 2;
    if (point === 0) ctx.moveTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    else ctx.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  ctx.closePath();
}

/** Two bars on a disc of paper, as on the button that pauses. */
function drawPaused(ctx: Ctx, scene: Scene, group: number[], r: number): void {
  drawDiscs(ctx, scene, group, () => r, scene.palette.paused, "hollow");
  ctx.fillStyle = scene.palette.paused;
  ctx.beginPath();
  for (const i of group) {
    const x = scene.x[i] ?? 0;
    const y = scene.y[i] ?? 0;
    for (const side of [-0.46, 0.14]) ctx.rect(x + side * r, y - r * 0.5, r * 0.32, r);
  }
  ctx.fill();
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
