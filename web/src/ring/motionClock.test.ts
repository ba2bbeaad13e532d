import { describe, expect, it } from "vitest";
import type { FrameUpdate } from "../worker/workerMessages";
import { MotionClock } from "./motionClock";

const update = (tick: number, frameMs: number, finalPhase = 1): FrameUpdate =>
  ({ frame: { tick }, nextTick: tick + 10, frameMs, tickMs: frameMs, finalPhase, detail: null }) as unknown as FrameUpdate;

describe("MotionClock", () => {
  it("moves from one tick to the next within the time of a frame, and stops there", () => {
    const clock = new MotionClock();
    clock.start(update(100, 200), 1000);
    expect(clock.moment(1000)).toBe(100);
    expect(clock.moment(1100)).toBe(105);
    expect(clock.moment(5000)).toBe(110);
    expect(clock.isMoving(1100)).toBe(true);
    expect(clock.isMoving(1300)).toBe(false);
  });

  it("stops half-way after a single step", () => {
    const clock = new MotionClock();
    clock.start(update(5, 100, 0.5), 0);
    expect(clock.phase(1000)).toBe(0.5);
    expect(clock.isMoving(1000)).toBe(false);
  });

  it("keeps its phase when paused in mid-flight", () => {
    const clock = new MotionClock();
    clock.start(update(5, 100), 0);
    clock.start(update(5, 0, 0.5), 70);
    expect(clock.phase(70)).toBeCloseTo(0.7);
    expect(clock.phase(900)).toBeCloseTo(0.7);
  });
});
