import { describe, expect, it } from "vitest";
import { countsOf, runsOf } from "./crash";

describe("outcomes of crashes", () => {
  it("are runs of equal ones", () => {
    expect(runsOf([0, 0, 2, 1, 1])).toEqual([{ outcome: 0, from: 0, to: 2 }, { outcome: 2, from: 2, to: 3 }, { outcome: 1, from: 3, to: 5 }]);
    expect(runsOf([])).toEqual([]);
  });

  it("are counted by their codes", () => {
    expect(countsOf([0, 0, 2, 1, 1])).toEqual([2, 2, 1, 0, 0]);
  });
});
