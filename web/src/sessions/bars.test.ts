import { describe, expect, it } from "vitest";
import type { SessionRows } from "../wasm/ringside_wasm.js";
import { busiest, durationText, lifetimes, pairsOf, sessionsOf } from "./bars";

/** Rows from tuples: host, peer, opened, closed, state, direction. */
function rowsOf(rows: [bigint, bigint, number, number, number, number][]): SessionRows {
  return {
    host: BigUint64Array.from(rows.map((row) => row[0])),
    peer: BigUint64Array.from(rows.map((row) => row[1])),
    opened: Float64Array.from(rows.map((row) => row[2])),
    closed: Float64Array.from(rows.map((row) => row[3])),
    state: Uint8Array.from(rows.map((row) => row[4])),
    direction: Uint8Array.from(rows.map((row) => row[5])),
    generation: new Uint32Array(rows.length),
    pings: new Uint32Array(rows.length),
  };
}

describe("sessions as bars", () => {
  const rows = rowsOf([
    [9n, 2n, 10, 100, 4, 0], [2n, 9n, 110, 200, 4, 0], [9n, 2n, 210, NaN, 2, 0], [2n, 9n, 210, NaN, 2, 1],
    [5n, 2n, NaN, NaN, 0, 0], [3n, 0n, 1, 2, 4, 0], [2n, 3n, 7, 8, 4, 0],
  ]);

  it("puts each session once into the row of its pair, whoever has dialled", () => {
    expect(pairsOf(rows, 250)).toEqual([
      { a: 2n, b: 3n, bars: [{ from: 7, to: 8, isOpen: false }] },
      {
        a: 2n, b: 9n,
        bars: [{ from: 10, to: 100, isOpen: false }, { from: 110, to: 200, isOpen: false }, { from: 210, to: 250, isOpen: true }],
      },
    ]);
  });

  it("keeps the pairs with the most sessions where there are too many", () => {
    expect(busiest(pairsOf(rows, 250), 1).map(({ b }) => b)).toEqual([9n]);
    expect(busiest(pairsOf(rows, 250), 2)).toHaveLength(2);
  });

  it("counts the lifetimes of ended sessions only", () => {
    expect(lifetimes(rows, 4)).toEqual({ width: 23, counts: [2, 0, 0, 2] });
    expect(lifetimes(rowsOf([]), 3)).toEqual({ width: 1, counts: [0, 0, 0] });
  });

  it("lists the sessions of a host, those alive first", () => {
    const found = sessionsOf(rows, 2n, 250).map(({ peer, direction, state, age }) => [peer, direction, state, age]);
    expect(found[0]).toEqual([9n, "accepted", "open", 40]);
    expect(found).toHaveLength(3);
    expect(found.slice(1).every(([, direction, state]) => direction === "dialled" && state === "ended")).toBe(true);
    expect(sessionsOf(rows, 5n, 250)[0]).toMatchObject({ state: "connecting", age: null });
    expect(sessionsOf(rows, 3n, 250)[0]).toMatchObject({ peer: null, age: 1 });
  });

  it("says durations as people do", () => {
    expect([90_000, 180_000, 7_200_000, 500].map(durationText)).toEqual(["90 s", "3 min", "2 h", "0.5 s"]);
  });
});
