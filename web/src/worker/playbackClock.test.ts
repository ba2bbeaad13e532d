import { describe, expect, it } from "vitest";
import { PlaybackClock } from "./playbackClock";

describe("PlaybackClock", () => {
  it("gives a round of one tick its whole time", () => {
    expect(new PlaybackClock(2, 1, 0).tickMs).toBe(500);
  });

  it("measures how many ticks of a round have events, and divides the round over them", () => {
    const clock = new PlaybackClock(1, 50, 0);
    for (let round = 0; round < 20; round += 1) {
      for (let hop = 0; hop < 5; hop += 1) clock.stepped(round * 50 + hop);
    }
    expect(clock.tickMs).toBeGreaterThan(190);
    expect(clock.tickMs).toBeLessThanOrEqual(200);
  });

  it("keeps its measurement when the speed changes", () => {
    const clock = new PlaybackClock(1, 50, 0, 4);
    expect(new PlaybackClock(4, 50, 0, clock.activeTicksPerRound).tickMs).toBe(62.5);
  });

  it("does not wait at unlimited speed", () => {
    expect(new PlaybackClock(Infinity, 50, 0).tickMs).toBe(0);
  });

  it("waits for the length of a tick after each step, and catches up with a small lag", () => {
    const clock = new PlaybackClock(2, 1, 1000);
    expect(clock.msUntilDue(1000)).toBe(0);
    clock.stepped(0);
    expect(clock.msUntilDue(1100)).toBe(400);
    expect(clock.msUntilDue(1600)).toBe(0);
    clock.stepped(1);
    expect(clock.msUntilDue(1600)).toBe(400);
  });

  it("skips a large lag", () => {
    const clock = new PlaybackClock(2, 1, 0);
    clock.skipLag(5000);
    clock.stepped(0);
    expect(clock.msUntilDue(5000)).toBe(500);
  });
});
