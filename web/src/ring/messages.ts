/** Messages on their way. Slow time: a mark with a soft tail on every path. Fast time: paths that light up and fade. */
import { along, control, type Point } from "./geometry";
import { KINDS, type Scene } from "./scene";

type Ctx = CanvasRenderingContext2D;

/** How long a tail is, as a share of the path, and how it fades. */
const TAIL = 0.26;
const BANDS = [0.1, 0.22, 0.42];
/** Milliseconds that a path glows in fast time, and how many a picture may light. */
const ECHO_LIFE = 520;
const ECHO_MOST = 70;

/** Ends and control point of a path, relative to the centre. */
type Path = [ax: number, ay: number, cx: number, cy: number, bx: number, by: number];

interface Echo {
  born: number;
  kinds: Path[][];
}

export class Messages {
  private echoes: Echo[] = [];
  private readonly point: Point = { x: 0, y: 0 };

  /** Remember the paths of a picture that passes too fast to be followed. */
  flash(scene: Scene, now: number): void {
    const frame = scene.shot?.frame;
    if (!frame) return;
    const n = frame.messageKind.length;
    const stride = Math.max(1, Math.ceil(n / ECHO_MOST));
    const kinds: Path[][] = KINDS.map(() => []);
    // Another phase each time: with a fixed one, the same senders would be favoured.
    for (let i = Math.floor(now) % stride; i < n; i += stride) kinds[frame.messageKind[i] ?? 0]?.push(this.path(scene, i));
    this.echoes.push({ born: now, kinds });
  }

  clear(): void {
    this.echoes = [];
  }

  /** Draw what still glows; whether anything does. */
  drawEchoes(ctx: Ctx, scene: Scene, now: number): boolean {
    this.echoes = this.echoes.filter((echo) => now - echo.born < ECHO_LIFE);
    ctx.lineWidth = 1;
    for (const echo of this.echoes) {
      const fade = 1 - (now - echo.born) / ECHO_LIFE;
      ctx.globalAlpha = 0.34 * fade * fade;
      echo.kinds.forEach((paths, kind) => {
        ctx.strokeStyle = scene.palette[KINDS[kind] ?? "query"];
        strokeWhole(ctx, paths);
      });
    }
    ctx.globalAlpha = 1;
    return this.echoes.length > 0;
  }

  /** Draw the messages of the present picture at a moment in ticks. The context's origin is the ring's centre. */
  draw(ctx: Ctx, scene: Scene, moment: number): void {
    const frame = scene.shot?.frame;
    if (!frame) return;
    // With a selection the messages step back behind the selected peer's contacts.
    const strength = scene.selected >= 0 ? 0.4 : 1;
    const size = scene.place.radius < 190 ? 2.4 : frame.messageKind.length > 300 ? 2.6 : 3.3;
    for (let kind = 0; kind < KINDS.length; kind += 1) {
      const live: { path: Path; at: number }[] = [];
      for (let i = 0; i < frame.messageKind.length; i += 1) {
        if (frame.messageKind[i] !== kind) continue;
        const sent = frame.messageSent[i] ?? 0;
        const due = frame.messageDue[i] ?? 0;
        // A message that was sent in a tick leaves when that tick is done, one later than its number.
        const at = (moment - 1 - sent) / Math.max(1e-9, due - sent);
        live.push({ path: this.path(scene, i), at: ease(Math.max(0, Math.min(1, at))) });
      }
      if (live.length === 0) continue;
      ctx.strokeStyle = ctx.fillStyle = scene.palette[KINDS[kind] ?? "query"];
      if (scene.still) {
        ctx.globalAlpha = 0.2 * strength;
        ctx.lineWidth = 1;
        strokeWhole(ctx, live.map((message) => message.path));
      } else {
        strokeTails(ctx, live, strength);
      }
      ctx.globalAlpha = 0.95 * strength;
      ctx.beginPath();
      for (const { path, at } of live) mark(ctx, kind, along(path[0], path[2], path[4], at), along(path[1], path[3], path[5], at), size);
      ctx.fill();
      ctx.globalAlpha = 1;
    }
  }

  private path(scene: Scene, message: number): Path {
    const frame = scene.shot?.frame;
    const from = frame?.messageFrom[message] ?? 0;
    const to = frame?.messageTo[message] ?? 0;
    const { cx, cy, radius } = scene.place;
    const ax = (scene.x[from] ?? cx) - cx;
    const ay = (scene.y[from] ?? cy) - cy;
    const bx = (scene.x[to] ?? cx) - cx;
    const by = (scene.y[to] ?? cy) - cy;
    control(ax, ay, bx, by, radius, this.point);
    return [ax, ay, this.point.x, this.point.y, bx, by];
  }
}

/** Leave gently and arrive gently. */
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

/** A tail in three bands that brighten towards the mark: one path a band, not one a message. */
function strokeTails(ctx: Ctx, live: { path: Path; at: number }[], strength: number): void {
  ctx.lineCap = "round";
  BANDS.forEach((alpha, band) => {
    ctx.globalAlpha = alpha * strength;
    ctx.lineWidth = 1 + band * 0.45;
    ctx.beginPath();
    for (const { path, at } of live) {
      const from = Math.max(0, at - TAIL * (1 - band / BANDS.length));
      const to = Math.max(0, at - TAIL * (1 - (band + 1) / BANDS.length));
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

/** Kinds differ by shape too: a dot asks, a diamond answers, a square invites, a triangle refers, a bar says goodbye. */
export function mark(ctx: Ctx, kind: number, x: number, y: number, r: number): void {
  switch (kind) {
    case 1:
      ctx.moveTo(x, y - r * 1.35);
      ctx.lineTo(x + r * 1.35, y);
      ctx.lineTo(x, y + r * 1.35);
      ctx.lineTo(x - r * 1.35, y);
      ctx.closePath();
      return;
    case 2:
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
      return;
    case 3:
      ctx.moveTo(x, y - r * 1.2);
      ctx.lineTo(x + r * 1.15, y + r * 0.85);
      ctx.lineTo(x - r * 1.15, y + r * 0.85);
      ctx.closePath();
      return;
    case 4:
      ctx.rect(x - r * 1.5, y - r * 0.55, 3 * r, 1.1 * r);
      return;
    default:
      ctx.moveTo(x + r * 0.8, y);
      ctx.arc(x, y, r * 0.8, 0, 2 * Math.PI);
  }
}
