import { describe, expect, it } from "vitest";
import type { RadioMap } from "../wasm/ringside_wasm.js";
import { barsOf, nearest, nodesOf, usedMs } from "./layout";

const map: RadioMap = {
  areaM: 1_000,
  rangeM: 300,
  host: BigUint64Array.of(1n, 2n),
  x: Uint32Array.of(0, 1_000),
  y: Uint32Array.of(500, 1_000),
  gateway: Uint8Array.of(1, 0),
  duty: Float64Array.of(0.5, 0),
  waiting: Uint32Array.of(0, 3),
  heard: Uint32Array.of(0, 2),
  sender: BigUint64Array.of(1n),
  kind: Uint8Array.of(0),
  ledgerAgeMs: Float64Array.of(3_600_500, 3_599_500, 0),
  ledgerMs: Float64Array.of(100, 1_000, 2_000),
  budgetMs: 36_000,
};

describe("the radio map", () => {
  it("puts hosts at their positions within the margin", () => {
    const nodes = nodesOf(map, 120, 10);
    expect(nodes.map(({ x, y }) => [x, y])).toEqual([[10, 60], [110, 110]]);
    expect(nodes.map(({ isGateway, isSending, heard }) => [isGateway, isSending, heard])).toEqual([[true, true, 0], [false, false, 2]]);
  });

  it("finds the host under the pointer", () => {
    const nodes = nodesOf(map, 120, 10);
    expect(nearest(nodes, 12, 61, 8)?.host).toBe(1n);
    expect(nearest(nodes, 60, 60, 8)).toBeNull();
  });

  it("counts only the part of a transmission that lies in the hour", () => {
    expect(barsOf(map)).toHaveLength(2);
    expect(usedMs(map)).toBeCloseTo(2_500, 3);
  });
});
