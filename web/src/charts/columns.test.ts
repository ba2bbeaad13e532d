import { describe, expect, it } from "vitest";
import type { Column, History } from "../wasm/ringside_wasm.js";
import { groupsOf, isBlank, valuesOf } from "./columns";

const column = (name: string, chart: Column["chart"], cumulative = false): Column =>
  ({ name, unit: "peers", meaning: "It is so.", cumulative, chart });
const history = (columns: Record<string, number[]>): History =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])) as unknown as History;

describe("charts of columns", () => {
  it("appear for a metric that the page has never heard of", () => {
    const fresh = [column("collided", { group: "Air", title: "collided" }), column("jammed", { group: "Air", title: "jammed" })];
    const groups = groupsOf([column("query", { group: "Messages", title: "Queries" }), column("round", null), ...fresh]);
    expect(groups).toEqual([{ title: "Air", columns: fresh }]);
  });

  it("show levels as they are, and counts per round", () => {
    const data = history({ round: [0, 1, 2, 4], level: [3, NaN, 5, 6], sum: [0, 10, 30, 70] });
    expect(valuesOf(data, column("level", null))).toEqual([3, null, 5, 6]);
    expect(valuesOf(data, column("sum", null, true), 2)).toEqual([null, 10, 15, 20]);
  });

  it("are left out while there is nothing to show", () => {
    const group = { title: "Air", columns: [column("collided", null)] };
    expect(isBlank(history({ collided: [0, 0] }), group)).toBe(true);
    expect(isBlank(history({ collided: [0, 1] }), group)).toBe(false);
  });
});
