import { describe, expect, it } from "vitest";
import { Pace } from "./pace";

describe("Pace", () => {
  it("gives a round of one tick its whole time", () => {
    expect(new Pace(2, 1).slot).toBe(500);
  });

  it("learns how many ticks of a round have events, and divides the round over them", () => {
    const pace = new Pace(1, 50);
    for (let round = 0; round < 20; round += 1) {
      for (let hop = 0; hop < 5; hop += 1) pace.stepped(round * 50 + hop);
    }
    expect(pace.slot).toBeGreaterThan(190);
    expect(pace.slot).toBeLessThanOrEqual(200);
  });

  it("keeps what was learnt when the speed changes", () => {
    const pace = new Pace(1, 50, 4);
    expect(new Pace(4, 50, pace.rhythm).slot).toBe(62.5);
  });

  it("does not wait at the highest speed", () => {
    expect(new Pace(Infinity, 50).slot).toBe(0);
  });
});
