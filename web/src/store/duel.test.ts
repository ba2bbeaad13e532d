import { describe, expect, it } from "vitest";
import type { Metrics } from "../wasm/ringside_wasm.js";
import { outcomes, roleOf } from "./duel";
import * as store from "./store";

const run = (captured: number) => ({ threat: { captured } }) as Metrics;

describe("pairs of examples", () => {
  it("are told by their names", () => {
    expect(roleOf("attack-sybil-cluster")).toEqual({ role: "attack", about: "sybil-cluster" });
    expect(roleOf("defence-forger")).toEqual({ role: "defence", about: "forger" });
    expect([roleOf("partition"), roleOf("attack-"), roleOf(null)]).toEqual([null, null, null]);
  });

  it("keep what came of each, and never take one run for the other", () => {
    store.example.value = "attack-forger";
    store.metrics.value = run(0.2);
    // The next one is named at once, and its figures come when it is there.
    store.opening.value = "Opening…";
    store.example.value = "defence-forger";
    expect([...outcomes.value.keys()]).toEqual(["attack-forger"]);
    store.metrics.value = run(0.01);
    store.opening.value = null;
    expect([...outcomes.value].map(([name, { threat }]) => [name, threat.captured])).toEqual([["attack-forger", 0.2], ["defence-forger", 0.01]]);
    store.example.value = "partition";
    store.metrics.value = run(0);
    expect(outcomes.value.size).toBe(2);
  });
});
