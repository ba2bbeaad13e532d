import { describe, expect, it } from "vitest";
import { changes, changesSentence, facts, fitSentence, gaussian, outcomeSentence, trimmed } from "./shape";
import type { Shape, Transition } from "../wasm/ringside_wasm.js";

const whole = {
  running: 30, edges: 840, symmetric_share: 1,
  mutual_islands: { count: 1, inhabited: 1, largest_share: 1 },
  closeness: { closed_share: 1 },
  partition: { cut: false, split: false, suspecting_share: 0, true_positives: 0, false_positives: 0, false_negatives: 0, true_negatives: 30 },
} as Shape;

describe("facts", () => {
  it("are good where the design is kept", () => {
    expect(facts(whole).map((fact) => fact.mark)).toEqual(["good", "good", "good", "good"]);
  });

  it("tell a partition that is suspected from one that is not there", () => {
    const last = (partition: Partial<Shape["partition"]>) => facts({ ...whole, partition: { ...whole.partition, ...partition } })[3];
    expect(last({ cut: true, true_positives: 30 })).toMatchObject({ mark: "good", name: "cut in two", text: "30 of 30 peers suspect it" });
    expect(last({ split: true, false_negatives: 30 })).toMatchObject({ mark: "bad", name: "in parts" });
    expect(last({ false_positives: 3 })).toMatchObject({ mark: "partly", text: "but 3 of 30 peers suspect one" });
  });

  it("count what is open", () => {
    const open = facts({ ...whole, closeness: { ...whole.closeness, closed_share: 28 / 30 } })[1];
    expect(open).toEqual({ mark: "partly", name: "open ring", text: "2 of 30 next neighbours are not mutually Connected" });
    expect(facts({ ...whole, running: 0 })).toEqual([]);
  });
});

describe("fitSentence", () => {
  const fit = (ks_uniform: number | null, ks_gaussian: number | null) =>
    fitSentence({ bins: [], deviation: 0.5, ks_uniform, ks_gaussian }).replaceAll("\u00a0", " ");

  it("names the nearer curve, and says where neither is near", () => {
    expect(fit(0.26, 0.03)).toBe("Close to the Gaussian (D = 0.03), and not to no preference (D = 0.26).");
    expect(fit(0.06, 0.09)).toBe("Nearer to no preference (D = 0.06) than to the Gaussian (D = 0.09).");
    expect(fit(0.8, 0.3)).toBe("Far from both curves: the Gaussian (D = 0.30) is nearer than no preference (D = 0.80).");
    expect(fit(null, null)).toBe("There are no connections to measure.");
  });
});

describe("gaussian", () => {
  it("shares out all edges over bins without end", () => {
    let sum = 0;
    for (let i = 0; i < 320; i += 1) sum += gaussian((i + 0.5) / 32, 0.3, 1000, 32);
    expect(sum).toBeCloseTo(1000, 0);
  });
});

describe("trimmed", () => {
  it("leaves out empty bins before the first, but for a margin", () => {
    const bins = [...Array<number>(20).fill(0), 4, 2];
    expect(trimmed(bins, bins, 3, 2)).toEqual({ first: 57, bins: [0, 4, 2], others: [0, 4, 2] });
    expect(trimmed([1, 2], [1, 2], 1)).toEqual({ first: 0, bins: [1, 2], others: [1, 2] });
    expect(trimmed([], [], 1)).toEqual({ first: 0, bins: [], others: [] });
  });
});

describe("changes", () => {
  const transitions: Transition[] = [
    { from: "unknown", to: "identified", cause: "referral", count: 5 },
    { from: "unknown", to: "identified", cause: "invitation", count: 2 },
    { from: "pending", to: "connected", cause: "reciprocation", count: 4 },
    { from: "connected", to: "identified", cause: "no_reply", count: 1 },
  ];

  it("are summed over their causes", () => {
    expect(changes(transitions)[0]).toEqual({ from: 0, to: 1, count: 7 });
    expect(changes(transitions)).toHaveLength(3);
  });

  it("are told in a sentence", () => {
    expect(changesSentence(transitions)).toBe("Peers became Connected 4 times, and ceased to be 1 time, mostly by no reply.");
    expect(changesSentence(transitions.slice(0, 2))).toBe("No peer has become Connected yet.");
    const given: Transition = { from: "unknown", to: "connected", cause: "introduction", count: 62 };
    expect(changesSentence([given])).toBe("62 connections were there from the start, and none has formed since.");
    expect(changesSentence([])).toBe("Nobody has changed its mind yet.");
  });
});

describe("outcomeSentence", () => {
  const none = { elected: 0, loss: 0, no_answer: 0, too_few_answers: 0, disagreement: 0, split_brain: 0 };

  it("names the most frequent failure", () => {
    expect(outcomeSentence({ ...none, elected: 8, loss: 0.5, no_answer: 1.5 })).toMatch(/80.0\u00a0% had a winner; .* no Answer \(15.0\u00a0%\)/);
    expect(outcomeSentence({ ...none, elected: 1 })).toBe("Of 1 ended election, 100.0\u00a0% had a winner.");
    expect(outcomeSentence(none)).toBe("No election has ended yet.");
  });
});
