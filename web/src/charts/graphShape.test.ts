import { describe, expect, it } from "vitest";
import { facts, fitSentence, gaussian, trimmed } from "./graphShape";
import type { Shape } from "../wasm/ringside_wasm.js";

const whole = {
  running: 30, edges: 840, symmetric_share: 1,
  mutual_islands: { count: 1, inhabited: 1, largest_share: 1 },
  closeness: { closed_share: 1 },
  partition: { cut: false, split: false, suspecting_share: 0, true_positives: 0, false_positives: 0, false_negatives: 0, true_negatives: 30 },
} as Shape;

describe("facts", () => {
  it("are good if the design is met", () => {
    expect(facts(whole).map((fact) => fact.mark)).toEqual(["good", "good", "good", "good"]);
  });

  it("distinguish a suspected partition from a false suspicion", () => {
    const last = (partition: Partial<Shape["partition"]>) => facts({ ...whole, partition: { ...whole.partition, ...partition } })[3];
    expect(last({ cut: true, true_positives: 30 })).toMatchObject({ mark: "good", name: "partitioned", text: "30 of 30 peers suspect it" });
    expect(last({ split: true, false_negatives: 30 })).toMatchObject({ mark: "bad", name: "split", text: "no peer has noticed" });
    expect(last({ false_positives: 3 })).toMatchObject({ mark: "partly", text: "but 3 of 30 peers suspect one" });
  });

  it("count the open pairs", () => {
    const open = facts({ ...whole, closeness: { ...whole.closeness, closed_share: 28 / 30 } })[1];
    expect(open).toEqual({ mark: "partly", name: "open ring", text: "2 of 30 adjacent pairs are not mutually Connected" });
    expect(facts({ ...whole, running: 0 })).toEqual([]);
  });
});

describe("fitSentence", () => {
  const fit = (ks_uniform: number | null, ks_gaussian: number | null) =>
    fitSentence({ bins: [], deviation: 0.5, ks_uniform, ks_gaussian }).replaceAll("\u00a0", " ");

  it("names the nearer curve, and says if neither is near", () => {
    expect(fit(0.26, 0.03)).toBe("Close to the Gaussian (D = 0.03), and not to no preference (D = 0.26).");
    expect(fit(0.06, 0.09)).toBe("Nearer to no preference (D = 0.06) than to the Gaussian (D = 0.09).");
    expect(fit(0.8, 0.3)).toBe("Far from both curves: the Gaussian (D = 0.30) is nearer than no preference (D = 0.80).");
    expect(fit(null, null)).toBe("There are no connections to measure.");
  });
});

describe("gaussian", () => {
  it("adds up to all edges", () => {
    let sum = 0;
    for (let i = 0; i < 320; i += 1) sum += gaussian((i + 0.5) / 32, 0.3, 1000, 32);
    expect(sum).toBeCloseTo(1000, 0);
  });
});

describe("trimmed", () => {
  it("leaves out leading empty bins, except one", () => {
    const bins = [...Array<number>(20).fill(0), 4, 2];
    expect(trimmed(bins, bins, 3, 2)).toEqual({ first: 57, bins: [0, 4, 2], others: [0, 4, 2] });
    expect(trimmed([1, 2], [1, 2], 1)).toEqual({ first: 0, bins: [1, 2], others: [1, 2] });
    expect(trimmed([], [], 1)).toEqual({ first: 0, bins: [], others: [] });
  });
});
