import { describe, expect, it } from "vitest";
import { Pace } from "./pace";

describe("Pace", () => {
  it("gives a round of one tick its whole time", () => {
    expect(new Pace(2, 1, 0).slot).toBe(500);
  });

  it("learns how many ticks of a round have events, and divides the round over them", () => {
    const pace = new Pace(1, 50, 0);
    for (let round = 0; round < 20; round += 1) {
      for (let hop = 0; hop < 5; hop += 1) pace.stepped(round * 50 + hop);
    }
    expect(pace.slot).toBeGreaterThan(190);
    expect(pace.slot).toBeLessThanOrEqual(200);
  });

  it("keeps what was learnt when the speed changes", () => {
    const pace = new Pace(1, 50, 0, 4);
    expect(new Pace(4, 50, 0, pace.rhythm).slot).toBe(62.5);
  });

  it("does not wait at the highest speed", () => {
    expect(new Pace(Infinity, 50, 0).slot).toBe(0);
  });

  it("waits for a slot after each step, and catches up with what it owes", () => {
    const pace = new Pace(2, 1, 1000);
    expect(pace.wait(1000)).toBe(0);
    pace.stepped(0);
    expect(pace.wait(1100)).toBe(400);
    expect(pace.wait(1600)).toBe(0);
    pace.stepped(1);
    expect(pace.wait(1600)).toBe(400);
  });

  it("forgives what is too late, rather than racing", () => {
    const pace = new Pace(2, 1, 0);
    pace.forgive(5000);
    pace.stepped(0);
    expect(pace.wait(5000)).toBe(500);
  });
});
