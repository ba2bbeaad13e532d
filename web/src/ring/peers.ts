/**
 * Marks of peers: shape and colour by state, area by the number of Connected peers. One path per state, not
 * per peer.
 */
import { markRadius } from "./geometry";
import { PEER_STATES, STATUS } from "../protocol/peerStates";
import type { Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;
const TAU = 2 * Math.PI;
/** Minimum radius of a mark that has room for its number. */
const LEGIBLE = 9;
/** Points of an adversary's star. */
const SPIKES = 9;

export function drawPeers(ctx: Ctx, scene: Scene): void {
  const frame = scene.update?.frame;
  if (!frame) return;
  const base = markRadius(frame.peerId.length, scene.layout.radius);
  const groups: number[][] = PEER_STATES.map(() => []);
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

/** Radius of the mark of a peer: its area grows with the number of Connected peers. */
export function sizer(scene: Scene, base: number): (i: number) => number {
  const counts = scene.update?.frame.connected ?? new Uint16Array();
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

/** Maximum number of marks that are outlined one by one. */
const MAX_OUTLINED = 400;

function drawDiscs(
  ctx: Ctx, scene: Scene, group: number[], size: (i: number) => number, colour: string, fill: "hollow" | "half" | "solid",
): void {
  if (group.length === 0) return;
  const r0 = size(group[0] ?? 0);
  ctx.lineWidth = Math.max(0.8, Math.min(2, r0 * 0.26));
  ctx.strokeStyle = colour;
  ctx.fillStyle = fill === "solid" ? colour : scene.palette.paper;
  if (fill === "solid" && group.length <= MAX_OUTLINED) {
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

/** Draws discs with a rim that separates overlapping ones. */
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

/** Draws spikes around the marks of adversaries, in any state. */
function drawBursts(ctx: Ctx, scene: Scene, size: (i: number) => number): void {
  const behavior = scene.update?.frame.behavior ?? new Uint8Array();
  ctx.fillStyle = scene.palette.adversary;
  ctx.beginPath();
  for (let i = 0; i < behavior.length; i += 1) {
    if (behavior[i] === 0) continue;
    const r = size(i);
    burst(ctx, scene.x[i] ?? 0, scene.y[i] ?? 0, Math.max(r * 1.7, r + 3), Math.max(r * 1.12, 1.2));
  }
  ctx.fill();
}

/** Adds a star to the current path. */
function burst(ctx: Ctx, x: number, y: number, outer: number, inner: number): void {
  for (let point = 0; point < 2 * SPIKES; point += 1) {
    const r = point % 2 === 0 ? outer : inner;
    const angle = (point * Math.PI) / SPIKES - Math.PI / 2;
    if (point === 0) ctx.moveTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    else ctx.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  ctx.closePath();
}

/** Draws the symbol of the pause button. */
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

/**
 * Peers of a group, in the order of the ring, whose numbers are not covered by the mark of the next one, which is
 * drawn later and whose number wins.
 */
export function legible(
  group: number[], x: Float32Array, y: Float32Array, size: (i: number) => number, halfWidth: (i: number) => number,
): number[] {
  const isCovered = (i: number, by: number): boolean =>
    i !== by && Math.hypot((x[i] ?? 0) - (x[by] ?? 0), (y[i] ?? 0) - (y[by] ?? 0)) < size(by) + halfWidth(i) + 1;
  // The first one is next to the last one, and below it too.
  return group.filter((i, at) => !isCovered(i, group[at + 1] ?? i) && (at > 0 || !isCovered(i, group.at(-1) ?? i)));
}

function drawNumbers(ctx: Ctx, scene: Scene, group: number[], size: (i: number) => number): void {
  const counts = scene.update?.frame.connected;
  if (!counts) return;
  ctx.fillStyle = scene.palette.paper;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  // Marks of close peers overlap, the later over the earlier: a covered number is omitted.
  const halfWidth = (i: number): number => size(i) * 0.35 * String(counts[i] ?? 0).length;
  const shown = legible(group, scene.x, scene.y, size, halfWidth);
  for (const i of shown) {
    ctx.font = `600 ${Math.round(size(i) * 1.05)}px system-ui, sans-serif`;
    ctx.fillText(String(counts[i] ?? 0), scene.x[i] ?? 0, (scene.y[i] ?? 0) + 0.5);
  }
}
