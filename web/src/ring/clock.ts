/** Which moment between two ticks is on the screen. */
import type { Shot } from "../worker/protocol";

/** Below this many milliseconds a tick, single messages cannot be followed and are shown as a texture instead. */
const SHORTEST_GLIDE = 45;

/** Whether time passes too fast for single messages to be followed. */
export function isFast(shot: Shot): boolean {
  return shot.rest === 1 && shot.slot < SHORTEST_GLIDE;
}

export class Clock {
  private shownAt = 0;
  private base = 0;
  private shot: Shot | null = null;

  take(shot: Shot, now: number): void {
    const same = this.shot?.frame.tick === shot.frame.tick;
    // A second picture of the same tick (a pause, a selection) must not throw messages back to their senders.
    this.base = same ? this.phase(now) : 0;
    this.shownAt = now;
    this.shot = shot;
  }

  clear(): void {
    this.shot = null;
    this.base = 0;
  }

  /** How far motion has come between the frame's tick (0) and the next (1). */
  phase(now: number): number {
    const shot = this.shot;
    if (!shot) return 0;
    if (shot.span <= 0) return this.base > 0 ? this.base : shot.rest;
    const gone = (now - this.shownAt) / shot.span;
    return Math.max(this.base, Math.min(shot.rest, this.base + (1 - this.base) * gone));
  }

  /** The moment shown, in ticks. */
  moment(now: number): number {
    const shot = this.shot;
    return shot ? shot.frame.tick + (shot.until - shot.frame.tick) * this.phase(now) : 0;
  }

  moving(now: number): boolean {
    const shot = this.shot;
    return shot !== null && shot.span > 0 && this.phase(now) < shot.rest;
  }
}
