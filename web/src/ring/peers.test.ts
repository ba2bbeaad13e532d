import { describe, expect, it } from "vitest";
import { legible } from "./peers";

const shown = (xs: number[]) => legible(xs.map((_, i) => i), Float32Array.from(xs), new Float32Array(xs.length), () => 10, () => 4);

describe("numbers of peers", () => {
  it("are all shown where marks do not cover them", () => {
    expect(shown([0, 20, 40, 60])).toEqual([0, 1, 2, 3]);
    expect(shown([0, 15.1])).toEqual([0, 1]);
  });

  it("are omitted below the mark of the next peer, so that two never read as one", () => {
    expect(shown([0, 6, 40])).toEqual([1, 2]);
    expect(shown([0, 6, 12, 18])).toEqual([3]);
  });

  it("are omitted at the top of the ring, where the last peer covers the first", () => {
    expect(shown([0, 40, 80, 6])).toEqual([1, 2, 3]);
  });

  it("of one peer is shown", () => {
    expect(shown([5])).toEqual([0]);
    expect(shown([])).toEqual([]);
  });
});
