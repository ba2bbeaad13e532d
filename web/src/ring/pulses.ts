/** Pulses: a soft ring that widens around a peer whose state has changed. */
import type { Frame } from "../wasm/ringside_wasm.js";
import { markRadius } from "./geometry";
import { statusColours } from "./palette";
import { STATUS } from "../protocol/peerStates";
import type { Scene } from "./scene";

/** Milliseconds that a pulse lasts. */
const PULSE_MS = 900;
/** Maximum number of pulses at a time. */
const MAX_PULSES = 24;
/** Number of peers beyond which there are no pulses. */
const MAX_PEERS = 400;

interface Pulse {
  id: bigint;
  index: number;
  status: number;
  born: number;
}

export class Pulses {
  private alive: Pulse[] = [];

  /** Starts pulses for the differences of two frames of the same peers. */
  notice(before: Frame | undefined, after: Frame, now: number): void {
    if (before?.peerId.length !== after.peerId.length || after.peerId.length > MAX_PEERS) {
      this.alive = [];
      return;
    }
    for (let i = 0; i < after.status.length && this.alive.length < MAX_PULSES; i += 1) {
      const status = after.status[i] ?? 0;
      const id = after.peerId[i];
      if (id !== undefined && id === before.peerId[i] && status !== before.status[i]) this.alive.push({ id, index: i, status, born: now });
    }
  }

  clear(): void {
    this.alive = [];
  }

  /** Draws the pulses that have not faded; returns whether there are any. */
  draw(ctx: CanvasRenderingContext2D, scene: Scene, now: number): boolean {
    const ids = scene.update?.frame.peerId;
    this.alive = this.alive.filter((pulse) => now - pulse.born < PULSE_MS && ids?.[pulse.index] === pulse.id);
    const { palette } = scene;
    const colours = statusColours(palette);
    const base = markRadius(scene.x.length, scene.layout.radius);
    for (const { index, status, born } of this.alive) {
      const f = (now - born) / PULSE_MS;
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
