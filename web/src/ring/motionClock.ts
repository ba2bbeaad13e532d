/** Clock of the motion between two ticks. */
import type { FrameUpdate } from "../worker/workerMessages";

/** Shortest tick in milliseconds at which single messages can be followed. */
const MIN_TICK_MS = 45;

/** Whether a frame passes too fast for single messages to be followed. */
export function isFast(update: FrameUpdate): boolean {
  return update.finalPhase === 1 && update.tickMs < MIN_TICK_MS;
}

export class MotionClock {
  private shownAt = 0;
  private base = 0;
  private update: FrameUpdate | null = null;

  start(update: FrameUpdate, now: number): void {
    const same = this.update?.frame.tick === update.frame.tick;
    // Another frame of the same tick (pause, selection) continues the motion instead of restarting it.
    this.base = same ? this.phase(now) : 0;
    this.shownAt = now;
    this.update = update;
  }

  clear(): void {
    this.update = null;
    this.base = 0;
  }

  /** Progress from the tick of the frame (0) to the next active tick (1). */
  phase(now: number): number {
    const update = this.update;
    if (!update) return 0;
    if (update.frameMs <= 0) return this.base > 0 ? this.base : update.finalPhase;
    const elapsed = (now - this.shownAt) / update.frameMs;
    return Math.max(this.base, Math.min(update.finalPhase, this.base + (1 - this.base) * elapsed));
  }

  /** Moment shown, in ticks. */
  moment(now: number): number {
    const update = this.update;
    return update ? update.frame.tick + (update.nextTick - update.frame.tick) * this.phase(now) : 0;
  }

  isMoving(now: number): boolean {
    const update = this.update;
    return update !== null && update.frameMs > 0 && this.phase(now) < update.finalPhase;
  }
}
