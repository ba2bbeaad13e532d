import { describe, expect, it } from "vitest";
import type { Shot } from "../worker/protocol";
import { Clock } from "./clock";

const shot = (tick: number, span: number, rest = 1): Shot =>
  ({ frame: { tick }, until: tick + 10, span, slot: span, rest, detail: null }) as unknown as Shot;

describe("Clock", () => {
  it("glides from one tick to the next within the span, and waits there", () => {
    const clock = new Clock();
    clock.take(shot(100, 200), 1000);
    expect(clock.moment(1000)).toBe(100);
    expect(clock.moment(1100)).toBe(105);
    expect(clock.moment(5000)).toBe(110);
    expect(clock.moving(1100)).toBe(true);
    expect(clock.moving(1300)).toBe(false);
  });

  it("comes to rest half-way after a single step", () => {
    const clock = new Clock();
    clock.take(shot(5, 100, 0.5), 0);
    expect(clock.phase(1000)).toBe(0.5);
    expect(clock.moving(1000)).toBe(false);
  });

  it("stays where it was when paused in mid-flight", () => {
    const clock = new Clock();
    clock.take(shot(5, 100), 0);
    clock.take(shot(5, 0, 0.5), 70);
    expect(clock.phase(70)).toBeCloseTo(0.7);
    expect(clock.phase(900)).toBeCloseTo(0.7);
  });
});
