import { describe, expect, it } from "vitest";
import type { ForkRows } from "../wasm/ringside_wasm.js";
import { laneText, lanesOf, movesOf, sentenceOf, shownOf } from "./branches";

/** A chain of six hosts that forks above block 12, three hosts on each, two of which come back. */
const rows: ForkRows = {
  parent: Float64Array.of(NaN, 0),
  forkedAt: Uint32Array.of(0, 12),
  height: Uint32Array.of(20, 16),
  begin: Float64Array.of(10, 50),
  branch: Uint32Array.of(0, 0, 0, 1, 1),
  tick: Float64Array.of(10, 50, 90, 50, 90),
  hosts: Uint32Array.of(6, 3, 5, 3, 1),
  replacedTick: Float64Array.of(90, 90),
  replacedFrom: Uint32Array.of(1, 1),
  replacedTo: Uint32Array.of(0, 0),
  replacedDepth: Uint32Array.of(4, 3),
};

describe("chains that fork", () => {
  const lanes = lanesOf(rows, 100);

  it("makes a lane of each branch, with its hosts over time", () => {
    expect(lanes.map(({ name, fork, begin, hosts }) => ({ name, fork, begin, hosts }))).toEqual([
      { name: 1, fork: null, begin: 10, hosts: 5 },
      { name: 2, fork: { name: 1, height: 12 }, begin: 50, hosts: 1 },
    ]);
    expect(lanes[0]?.stretches).toEqual([{ from: 10, to: 50, hosts: 6 }, { from: 50, to: 90, hosts: 3 }, { from: 90, to: 100, hosts: 5 }]);
    expect(lanes[1]?.stretches).toEqual([{ from: 50, to: 90, hosts: 3 }, { from: 90, to: 100, hosts: 1 }]);
  });

  it("ends a lane that no host is on any more", () => {
    const left = { ...rows, hosts: Uint32Array.of(6, 3, 6, 3, 0) };
    const lane = lanesOf(left, 100)[1];
    expect(lane?.stretches).toEqual([{ from: 50, to: 90, hosts: 3 }]);
    expect(lane?.hosts).toBe(0);
  });

  it("joins hosts that go over together", () => {
    expect(movesOf(rows)).toEqual([{ tick: 90, from: 2, to: 1, hosts: 2, depth: 4 }]);
  });

  it("says what has happened", () => {
    expect(sentenceOf(lanes, movesOf(rows))).toBe(
      "Hosts are on 2 chains: 5 on chain 1, 1 on chain 2. 2 times a host has gone over to another chain, and replaced 4 blocks at most.",
    );
    expect(sentenceOf(lanes.slice(0, 1), [])).toBe("No chain has forked so far.");
    expect(lanes.map(laneText)[1]).toBe("Chain 2 forked from chain 1 above block 12, ends with block 16, and has 1 host");
  });

  it("shows the chains that hosts are on before others", () => {
    const many = [1, 2, 3, 4].map((name) => ({ name, fork: null, begin: name, height: 9, stretches: [], hosts: name === 1 ? 2 : 0 }));
    expect(shownOf(many, 2).map(({ name }) => name)).toEqual([1, 4]);
    expect(shownOf(many, 4)).toHaveLength(4);
  });
});
