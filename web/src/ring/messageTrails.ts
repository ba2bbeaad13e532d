/**
 * Messages in flight: a mark with a fading tail on every path in slow motion, paths that light up and fade
 * at high speed.
 */
import { messageKindOf } from "../protocol/messageKinds";
import { MESSAGE_SHAPES } from "../protocol/messageShapes";
import { along, control, type Point } from "./geometry";
import type { Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;

/** Length of a tail as a share of the path. */
const TAIL = 0.26;
/** Opacities of the bands of a tail, from its end to the mark. */
const BANDS = [0.1, 0.22, 0.42];
/** Milliseconds for which a path glows at high speed, and the maximum number of paths per frame. */
const ECHO_MS = 520;
const MAX_ECHOES = 70;

/** End points and control point of a path, relative to the centre. */
type Path = [ax: number, ay: number, cx: number, cy: number, bx: number, by: number];

interface Echo {
  born: number;
  /** Paths by the code of their kind. */
  paths: Map<number, Path[]>;
}

/** Message on its path, with its progress from 0 to 1. */
interface Moving { path: Path; progress: number }

export class MessageTrails {
  private echoes: Echo[] = [];
  private readonly point: Point = { x: 0, y: 0 };

  /** Adds the paths of a frame that passes too fast to be followed. */
  flash(scene: Scene, now: number): void {
    const frame = scene.update?.frame;
    if (!frame) return;
    const n = frame.messageKind.length;
    const stride = Math.max(1, Math.ceil(n / MAX_ECHOES));
    const paths = new Map<number, Path[]>();
    // The offset varies, since a fixed one would always show the same senders.
    for (let i = Math.floor(now) % stride; i < n; i += stride) add(paths, frame.messageKind[i] ?? 0, this.path(scene, i));
    this.echoes.push({ born: now, paths });
  }

  clear(): void {
    this.echoes = [];
  }

  /** Draws the paths that still glow; returns whether there are any. */
  drawEchoes(ctx: Ctx, scene: Scene, now: number): boolean {
    this.echoes = this.echoes.filter((echo) => now - echo.born < ECHO_MS);
    ctx.lineWidth = 1;
    for (const echo of this.echoes) {
      const fade = 1 - (now - echo.born) / ECHO_MS;
      ctx.globalAlpha = 0.34 * fade * fade;
      for (const [code, paths] of echo.paths) {
        ctx.strokeStyle = scene.palette[messageKindOf(code).colour];
        strokeWhole(ctx, paths);
      }
    }
    ctx.globalAlpha = 1;
    return this.echoes.length > 0;
  }

  /**
   * Draws the messages of the present frame at a moment in ticks. The origin of the context is the centre
   * of the ring.
   */
  draw(ctx: Ctx, scene: Scene, moment: number): void {
    const frame = scene.update?.frame;
    if (!frame) return;
    // Messages recede behind the contacts of a selected peer.
    const strength = scene.selected >= 0 ? 0.4 : 1;
    const size = scene.layout.radius < 190 ? 2.4 : frame.messageKind.length > 300 ? 2.6 : 3.3;
    for (const [code, messages] of this.movingByKind(scene, moment)) {
      const { colour, shape } = messageKindOf(code);
      ctx.strokeStyle = ctx.fillStyle = scene.palette[colour];
      if (scene.still) {
        ctx.globalAlpha = 0.2 * strength;
        ctx.lineWidth = 1;
        strokeWhole(ctx, messages.map(({ path }) => path));
      } else {
        strokeTails(ctx, messages, strength);
      }
      ctx.globalAlpha = 0.95 * strength;
      ctx.beginPath();
      for (const { path, progress: f } of messages) {
        MESSAGE_SHAPES[shape].trace(ctx, along(path[0], path[2], path[4], f), along(path[1], path[3], path[5], f), size);
      }
      ctx.fill();
      ctx.globalAlpha = 1;
    }
  }

  private movingByKind(scene: Scene, moment: number): Map<number, Moving[]> {
    const moving = new Map<number, Moving[]>();
    const frame = scene.update?.frame;
    frame?.messageKind.forEach((code, i) => {
      const sent = frame.messageSent[i] ?? 0;
      const due = frame.messageDue[i] ?? 0;
      // A message leaves at the end of the tick it is sent in, one later than the number of that tick.
      const f = (moment - 1 - sent) / Math.max(1e-9, due - sent);
      add(moving, code, { path: this.path(scene, i), progress: ease(Math.max(0, Math.min(1, f))) });
    });
    return moving;
  }

  private path(scene: Scene, message: number): Path {
    const frame = scene.update?.frame;
    const from = frame?.messageFrom[message] ?? 0;
    const to = frame?.messageTo[message] ?? 0;
    const { cx, cy, radius } = scene.layout;
    const ax = (scene.x[from] ?? cx) - cx;
    const ay = (scene.y[from] ?? cy) - cy;
    const bx = (scene.x[to] ?? cx) - cx;
    const by = (scene.y[to] ?? cy) - cy;
    control(ax, ay, bx, by, radius, this.point);
    return [ax, ay, this.point.x, this.point.y, bx, by];
  }
}

function add<T>(lists: Map<number, T[]>, code: number, item: T): void {
  const list = lists.get(code);
  if (list) list.push(item);
  else lists.set(code, [item]);
}

/** Progress with a gentle start and end. */
function ease(f: number): number {
  return f + (f * f * (3 - 2 * f) - f) * 0.6;
}

function strokeWhole(ctx: Ctx, paths: Path[]): void {
  ctx.beginPath();
  for (const [ax, ay, cx, cy, bx, by] of paths) {
    ctx.moveTo(ax, ay);
    ctx.quadraticCurveTo(cx, cy, bx, by);
  }
  ctx.stroke();
}

/**
 * Strokes the tails in bands that brighten towards the mark, with one path per band rather than per
 * message.
 */
function strokeTails(ctx: Ctx, messages: Moving[], strength: number): void {
  ctx.lineCap = "round";
  BANDS.forEach((alpha, band) => {
    ctx.globalAlpha = alpha * strength;
    ctx.lineWidth = 1 + band * 0.45;
    ctx.beginPath();
    for (const { path, progress } of messages) {
      const from = Math.max(0, progress - TAIL * (1 - band / BANDS.length));
      const to = Math.max(0, progress - TAIL * (1 - (band + 1) / BANDS.length));
      if (to <= from) continue;
      ctx.moveTo(along(path[0], path[2], path[4], from), along(path[1], path[3], path[5], from));
      for (let step = 1; step <= 3; step += 1) {
        const f = from + ((to - from) * step) / 3;
        ctx.lineTo(along(path[0], path[2], path[4], f), along(path[1], path[3], path[5], f));
      }
    }
    ctx.stroke();
  });
}
