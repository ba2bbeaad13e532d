import { describe, expect, it } from "vitest";
import type { Metrics } from "../wasm/ringside_wasm.js";
import { pairMetrics, roleOf } from "./attackPairs";
import * as store from "./store";

const run = (captured: number) => ({ threat: { captured } }) as Metrics;

describe("pairs of examples", () => {
  it("are recognised by their names", () => {
    expect(roleOf("attack-sybil-cluster")).toEqual({ role: "attack", about: "sybil-cluster" });
    expect(roleOf("defence-forger")).toEqual({ role: "defence", about: "forger" });
    expect([roleOf("partition"), roleOf("attack-"), roleOf(null)]).toEqual([null, null, null]);
  });

  it("keep the metrics of each, and never mix them up", () => {
    store.example.value = "attack-forger";
    store.metrics.value = run(0.2);
    // The name changes at once, the metrics when the run is open.
    store.opening.value = "Opening…";
    store.example.value = "defence-forger";
    expect([...pairMetrics.value.keys()]).toEqual(["attack-forger"]);
    store.metrics.value = run(0.01);
    store.opening.value = null;
    expect([...pairMetrics.value].map(([name, { threat }]) => [name, threat.captured])).toEqual([["attack-forger", 0.2], ["defence-forger", 0.01]]);
    store.example.value = "partition";
    store.metrics.value = run(0);
    expect(pairMetrics.value.size).toBe(2);
  });
});
