import { describe, expect, it, vi } from "vitest";

vi.mock("../wasm/ringside_wasm.js", () => ({ memory_in_use: () => 0, knobs: () => [], Simulation: {} }));

import type { Simulation } from "../wasm/ringside_wasm.js";
import { core } from "./core";
import { World } from "./world";

/** Run that counts the ticks that it advances. */
function fakeRun(now = 0, advanced = { ticks: 0 }) {
  const run = {
    now, rounds: 1000, ticks_per_round: 1, is_within_tick: false, peers: 1,
    copy: () => fakeRun(run.now, advanced).run,
    restore: (other: { now: number }) => (run.now = other.now),
    advance: (_: number, ticks: number) => {
      run.now += ticks;
      advanced.ticks += ticks;
    },
    free: () => undefined,
  };
  return { run: run as unknown as Simulation, advanced };
}

function worldAt(end: number) {
  const { run, advanced } = fakeRun();
  const world = new World(run, () => fakeRun(0, advanced).run, core);
  for (let tick = 1; tick <= end; tick += 1) world.runTo(tick, Infinity);
  advanced.ticks = 0;
  const goTo = (tick: number): number => {
    const before = advanced.ticks;
    world.approach(tick);
    world.runTo(tick, Infinity);
    expect(world.tick).toBe(tick);
    return advanced.ticks - before;
  };
  return { world, goTo };
}

describe("a world", () => {
  it("goes back and ahead at the cost of at most one interval of keyframes", () => {
    vi.spyOn(performance, "now").mockReturnValue(0);
    const { world, goTo } = worldAt(200);
    const { ticks } = world.keyframes.contents;
    expect(ticks.length).toBeGreaterThan(10);
    const interval = Math.max(...ticks.map((tick, i) => tick - (ticks[i - 1] ?? 0)));
    for (const tick of [10, 190, 0, 199, 100, 101, 60]) expect(goTo(tick), `to ${tick}`).toBeLessThanOrEqual(interval);
  });

  it("stays where it is if that is nearest, and uses no state of an abandoned future", () => {
    vi.spyOn(performance, "now").mockReturnValue(0);
    const { world, goTo } = worldAt(200);
    goTo(100);
    expect(goTo(101)).toBe(1);
    world.keyframes.forgetFrom(101);
    expect(goTo(180)).toBe(79);
  });
});
