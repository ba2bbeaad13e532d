import { describe, expect, it } from "vitest";
import { BUDGET, Keyframes, type Kept } from "./keyframes";

/** Machine with a run of `size` bytes, whose memory and time are counted. */
function machine(size: number, copyMs = 0) {
  const state = { inUse: size, clock: 0 };
  class Run implements Kept {
    tick = 0;
    copy(): this {
      const copy = new Run();
      copy.tick = this.tick;
      state.inUse += size;
      state.clock += copyMs;
      return copy as this;
    }
    free(): void {
      state.inUse -= size;
    }
  }
  const run = new Run();
  const keyframes = new Keyframes<Run>(1, () => state.inUse, () => state.clock);
  const go = (from: number, to: number): void => {
    for (run.tick = from; run.tick < to; run.tick += 1) {
      keyframes.offer(run.tick, run);
      state.clock += 1;
    }
  };
  return { state, keyframes, go };
}

describe("keyframes", () => {
  it("are kept at intervals, and found by tick", () => {
    const { keyframes, go } = machine(1000);
    go(0, 30);
    expect(keyframes.contents.ticks).toEqual([4, 8, 12, 16, 20, 24, 28]);
    expect(keyframes.before(3)).toBeNull();
    expect(keyframes.before(4)?.tick).toBe(4);
    expect(keyframes.before(23)?.tick).toBe(20);
  });

  it("stay within their limits however long a run is, and cover all of it", () => {
    for (const size of [1000, Math.floor(BUDGET / 10)]) {
      const { state, keyframes, go } = machine(size);
      go(0, 5000);
      const { ticks, bytes } = keyframes.contents;
      expect(bytes).toBeLessThanOrEqual(BUDGET);
      expect(ticks.length).toBeLessThanOrEqual(96);
      expect(ticks.length).toBeGreaterThan(4);
      expect(ticks[0]).toBeLessThan(1500);
      expect(ticks.at(-1)).toBeGreaterThan(3500);
      keyframes.free();
      expect(state.inUse).toBe(size);
    }
  });

  it("are not made of a run that exceeds the budget", () => {
    const { state, keyframes, go } = machine(BUDGET + 1);
    go(0, 100);
    expect(keyframes.contents.ticks).toEqual([]);
    expect(state.inUse).toBe(BUDGET + 1);
  });

  it("are dropped from the tick of a command on", () => {
    const { keyframes, go } = machine(1000);
    go(0, 30);
    keyframes.forgetFrom(16);
    expect(keyframes.contents).toEqual({ ticks: [4, 8, 12], bytes: 3000 });
    go(16, 25);
    expect(keyframes.contents.ticks).toEqual([4, 8, 12, 16, 20, 24]);
  });

  it("are not duplicated when a part of the run is replayed", () => {
    const { keyframes, go } = machine(1000);
    go(0, 30);
    go(9, 30);
    expect(keyframes.contents.ticks).toEqual([4, 8, 12, 16, 20, 24, 28]);
  });

  it("take a small part of the time", () => {
    const { keyframes, go } = machine(1000, 1);
    go(0, 400);
    expect(keyframes.contents.ticks.length).toBeLessThan(11);
  });
});
