import { describe, expect, it } from "vitest";
import type { ToStudies } from "../worker/studyMessages";
import { sharesOf } from "./study";

const curve = (runs: number): ToStudies => ({ kind: "curve", runs: Array.from({ length: runs }, (_, seed) => ({ seed })), rounds: [1], read: ["badShare"] });
const seeds = (share: ToStudies): unknown[] => (share.kind === "curve" ? share.runs.map(({ seed }) => seed) : []);

describe("shares of a study", () => {
  it("are every so many of the runs, so that the number of a run follows from its share", () => {
    const shares = sharesOf(curve(7), 4);
    expect(shares.map(seeds)).toEqual([[0, 3, 6], [1, 4], [2, 5]]);
    shares.forEach((share, number) => seeds(share).forEach((seed, index) => expect(index * shares.length + number).toBe(seed)));
  });

  it("leave a processor to the page, and are at most as many as runs", () => {
    expect([1, 2, 3, 64].map((processors) => sharesOf(curve(9), processors).length)).toEqual([1, 1, 2, 4]);
    expect(sharesOf(curve(2), 8)).toHaveLength(2);
    expect(sharesOf({ kind: "crash", seed: 1, points: 2, entries: 3, syncMs: 4 }, 8)).toHaveLength(1);
  });
});
