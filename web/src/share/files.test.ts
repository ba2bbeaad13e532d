import { describe, expect, it } from "vitest";
import type { History } from "../wasm/ringside_wasm.js";
import { restartInput, splitPath } from "../store/scenario";
import { historyCsv } from "./files";

describe("files", () => {
  it("writes the history as a table", () => {
    const history = { round: Float64Array.of(0, 1), query: Float64Array.of(0, 90.5) } as unknown as History;
    expect(historyCsv(history)).toBe("round,query\n0,0\n1,90.5\n");
  });
});

describe("a restart", () => {
  const opened = { preset: "p", seed: "1", set: { network: { loss: 0.1 } }, commands: [{ at: 3, kind: "heal" as const }] };

  it("keeps the opened scenario, and adds the edits", () => {
    const input = restartInput(opened, new Map([["network.delay", 4], ["peers.budget", 9]]));
    expect(input).toEqual({ ...opened, set: { network: { loss: 0.1, delay: 4 }, peers: { budget: 9 } } });
    expect(opened.set).toEqual({ network: { loss: 0.1 } });
  });

  it("takes another seed", () => {
    expect(restartInput(opened, new Map(), "7").seed).toBe("7");
  });

  it("splits a path at its first dot", () => {
    expect(splitPath("network.loss")).toEqual(["network", "loss"]);
  });
});
