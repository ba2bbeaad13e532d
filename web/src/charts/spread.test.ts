import { describe, expect, it } from "vitest";
import { gapsOf, spreadOf } from "./spread";

describe("the spread over runs", () => {
  it("is that of the runs with a value", () => {
    expect(spreadOf([0.5, null, 0.1, 0.9, 0.6])).toEqual({ low: 0.1, mid: 0.55, high: 0.9, runs: 4 });
    expect(spreadOf([null, 0.25])).toEqual({ low: 0.25, mid: 0.25, high: 0.25, runs: 1 });
    expect(spreadOf([null])).toBeNull();
  });

  it("is drawn in parts where no run has a value", () => {
    const one = spreadOf([1]);
    expect(gapsOf([one, one, null, null, one]).map((part) => part.map(([index]) => index))).toEqual([[0, 1], [4]]);
    expect(gapsOf([])).toEqual([]);
  });
});
