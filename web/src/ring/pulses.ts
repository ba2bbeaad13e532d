/** A soft ring that widens where a peer has come into another state: seldom enough to be noticed, slow enough to be calm. */
import type { Frame } from "../wasm/ringside_wasm.js";
import { markRadius } from "./geometry";
import { statusColours } from "./palette";
import { STATUS, type Scene } from "./scene";

const LIFE = 900;
/** More at once would be a flash, not a hint. */
const MOST = 24;

interface Pulse {
  id: bigint;
  index: number;
  status: number;
  born: number;
}

export class Pulses {
  private alive: Pulse[] = [];

  /** Compare two pictures of the same peers. */
  notice(before: Frame | undefined, after: Frame, now: number): void {
    if (before?.peerId.length !== after.peerId.length || after.peerId.length > 400) {
      this.alive = [];
      return;
    }
    for (let i = 0; i < after.status.length && this.alive.length < MOST; i += 1) {
      const status = after.status[i] ?? 0;
      const id = after.peerId[i];
      if (id !== undefined && id === before.peerId[i] && status !== before.status[i]) this.alive.push({ id, index: i, status, born: now });
    }
  }

  clear(): void {
    this.alive = [];
  }

  /** Draw what has not faded; whether anything has not. */
  draw(ctx: CanvasRenderingContext2D, scene: Scene, now: number): boolean {
    const ids = scene.shot?.frame.peerId;
    this.alive = this.alive.filter((pulse) => now - pulse.born < LIFE && ids?.[pulse.index] === pulse.id);
    const { palette } = scene;
    const colours = statusColours(palette);
    const base = markRadius(scene.x.length, scene.place.radius);
    for (const { index, status, born } of this.alive) {
      const f = (now - born) / LIFE;
      const wide = status === STATUS.crashed ? 1.6 : 2.2;
      ctx.globalAlpha = 0.7 * (1 - f) * (1 - f);
      ctx.strokeStyle = colours[status] ?? palette.muted;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.arc(scene.x[index] ?? 0, scene.y[index] ?? 0, base * (1 + wide * (1 - (1 - f) * (1 - f))), 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    return this.alive.length > 0;
  }
}
