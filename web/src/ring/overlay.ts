/**
 * Overlay of the ring: the selected peer with its arc and contacts, the cursor, and the dial in the centre.
 */
import { count } from "../ui/format";
import { angleOf, control, markRadius, type Point } from "./geometry";
import { PEER_STATES, STATUS } from "../protocol/peerStates";
import type { Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;
const TAU = 2 * Math.PI;

/** Draws the arc whose tokens the selected peer may hold, and a path to every peer it knows, by state. */
export function drawSelection(ctx: Ctx, scene: Scene): void {
  const detail = scene.update?.detail;
  const position = scene.update?.frame.position[scene.selected];
  if (!detail || position === undefined) return;
  const { radius } = scene.layout;
  ctx.save();
  ctx.translate(scene.layout.cx, scene.layout.cy);
  ctx.strokeStyle = scene.palette.accent;
  ctx.globalAlpha = 0.22;
  ctx.lineCap = "butt";
  ctx.lineWidth = radius < 190 ? 12 : 20;
  ctx.beginPath();
  ctx.arc(0, 0, radius, angleOf(position - detail.reach), angleOf(position + detail.reach));
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.5;
  for (const end of [position - detail.reach, position + detail.reach]) {
    const c = Math.cos(angleOf(end));
    const s = Math.sin(angleOf(end));
    const half = radius < 190 ? 8 : 12;
    ctx.beginPath();
    ctx.moveTo((radius - half) * c, (radius - half) * s);
    ctx.lineTo((radius + half) * c, (radius + half) * s);
    ctx.stroke();
  }
  const { identified, pending, connected } = scene.palette;
  drawContacts(ctx, scene, STATUS.identified, identified, 0.3, 0.9, [1, 5]);
  drawContacts(ctx, scene, STATUS.pending, pending, 0.75, 1.3, [5, 4]);
  drawContacts(ctx, scene, STATUS.connected, connected, 0.9, 2, []);
  ctx.restore();
}

function drawContacts(ctx: Ctx, scene: Scene, state: number, colour: string, alpha: number, width: number, dash: number[]): void {
  const detail = scene.update?.detail;
  if (!detail) return;
  const { cx, cy, radius } = scene.layout;
  const ax = (scene.x[scene.selected] ?? cx) - cx;
  const ay = (scene.y[scene.selected] ?? cy) - cy;
  const c: Point = { x: 0, y: 0 };
  ctx.strokeStyle = colour;
  ctx.globalAlpha = alpha;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  detail.contacts.forEach((contact, i) => {
    if (detail.contactState[i] !== state) return;
    const bx = (scene.x[contact] ?? cx) - cx;
    const by = (scene.y[contact] ?? cy) - cy;
    control(ax, ay, bx, by, radius, c);
    ctx.moveTo(ax, ay);
    ctx.quadraticCurveTo(c.x, c.y, bx, by);
  });
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Draws rings around the marks of the contacts of the selected peer, marked peers, and the cursor. */
export function drawHalos(ctx: Ctx, scene: Scene): void {
  const frame = scene.update?.frame;
  if (!frame) return;
  const r = markRadius(frame.peerId.length, scene.layout.radius);
  const detail = scene.update?.detail;
  if (detail && scene.selected >= 0) {
    ctx.lineWidth = 1.5;
    for (const { code: state, name } of PEER_STATES.slice(STATUS.identified, STATUS.connected + 1)) {
      ctx.strokeStyle = scene.palette[name];
      ctx.beginPath();
      detail.contacts.forEach((contact, i) => {
        if (detail.contactState[i] === state) circle(ctx, scene, contact, r + 4);
      });
      ctx.stroke();
    }
  }
  for (const i of scene.marked) drawPointer(ctx, scene, i, r);
  halo(ctx, scene, scene.hover, r + 5, scene.palette.muted, 1.5);
  halo(ctx, scene, scene.selected, r + 5, scene.palette.accent, 2.5);
  if (scene.cursor >= 0) {
    halo(ctx, scene, scene.cursor, r + 8.5, scene.palette.ink, 2);
  }
}

function halo(ctx: Ctx, scene: Scene, i: number, r: number, colour: string, width: number): void {
  if (i < 0) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  circle(ctx, scene, i, r);
  ctx.stroke();
}

/** Draws a ring and an arrow from outside, which is visible on a crowded rim and without colour. */
function drawPointer(ctx: Ctx, scene: Scene, i: number, r: number): void {
  const { cx, cy } = scene.layout;
  const { danger } = scene.palette;
  halo(ctx, scene, i, r + 5, danger, 2.5);
  const x = scene.x[i] ?? 0;
  const y = scene.y[i] ?? 0;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(Math.atan2(y - cy, x - cx));
  ctx.fillStyle = danger;
  ctx.beginPath();
  ctx.moveTo(r + 8, 0);
  ctx.lineTo(r + 19, -6);
  ctx.lineTo(r + 19, 6);
  ctx.fill();
  ctx.restore();
}

function circle(ctx: Ctx, scene: Scene, i: number, r: number): void {
  const x = scene.x[i] ?? 0;
  const y = scene.y[i] ?? 0;
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, TAU);
}

/** Draws the dial: round, tick, and the progress of the experiment. */
export function drawCentre(ctx: Ctx, scene: Scene): void {
  const frame = scene.update?.frame;
  if (!frame) return;
  const { cx, cy, radius } = scene.layout;
  const { palette } = scene;
  const dial = radius * 0.27;
  const round = Math.floor(frame.tick / scene.ticksPerRound);
  // The dial is opaque: paths pass behind it.
  ctx.fillStyle = palette.panel;
  ctx.lineWidth = 2;
  ctx.strokeStyle = palette.line;
  ctx.beginPath();
  ctx.arc(cx, cy, dial, 0, TAU);
  ctx.fill();
  ctx.stroke();
  const share = scene.rounds > 0 ? Math.min(1, frame.tick / (scene.rounds * scene.ticksPerRound)) : 0;
  ctx.strokeStyle = palette.ink;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.arc(cx, cy, dial, -Math.PI / 2, -Math.PI / 2 + TAU * share);
  if (share > 0) ctx.stroke();
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  const small = Math.max(10, dial * 0.145);
  ctx.fillStyle = palette.ink;
  const digits = String(round).length;
  ctx.font = `300 ${Math.round(dial * (digits > 4 ? 0.46 : 0.62))}px system-ui, sans-serif`;
  ctx.fillText(count(round), cx, cy + dial * 0.16);
  ctx.fillStyle = palette.muted;
  ctx.font = `${Math.round(small)}px system-ui, sans-serif`;
  ctx.fillText("round", cx, cy - dial * 0.42);
  ctx.fillText(`tick ${count(frame.tick)}`, cx, cy + dial * 0.46);
}
