import { describe, expect, it } from "vitest";
import type { History } from "../wasm/ringside_wasm.js";
import { MESSAGE_KINDS } from "../protocol/messageKinds";
import { connectedSentence, cumulative, mix, rateSentence, recent } from "./rates";

const columns = (n: number, per: Record<string, number>): History =>
  Object.fromEntries(
    [
      "round", ...MESSAGE_KINDS.map((kind) => kind.name), "started", "completed", "timed_out",
      "connected_min", "connected_avg", "connected_max", "identified", "pending",
    ].map((name) => [name, Float64Array.from({ length: n }, (_, i) => i * (name === "round" ? 1 : (per[name] ?? 0)))]),
  ) as unknown as History;

describe("the Answer rate", () => {
  const history = columns(30, { query: 50, answer: 12, invitation: 3, referral: 35 });

  it("counts Invitations as Answers of all messages, as document 000 does", () => {
    expect(cumulative(history, "share")[0]).toBeNull();
    expect(cumulative(history, "share")[29]).toBeCloseTo(0.15);
  });

  it("counts Answers alone, of Queries", () => {
    expect(cumulative(history, "perQuery")[29]).toBeCloseTo(12 / 50);
  });

  it("ignores rounds before the window", () => {
    const changed = columns(30, { query: 50, referral: 50 });
    for (let i = 20; i < 30; i += 1) changed.answer[i] = (i - 19) * 100;
    expect(recent(changed, "share", 5)[15]).toBe(0);
    expect(recent(changed, "share", 5)[29]).toBeCloseTo(0.5);
    expect(cumulative(changed, "share")[29]).toBeLessThan(0.3);
  });

  it("is summarised with its counts", () => {
    expect(rateSentence(history, "share")).toBe("435 of 2,900 messages were Answers or Invitations (15.0\u00a0%).");
    expect(rateSentence(history, "perQuery")).toBe("348 Answers to 1,450 Queries (24.0\u00a0%).");
    expect(rateSentence(columns(2, { query: 50 }), "share")).toBe("0 of 50 messages were Answers or Invitations (0.0\u00a0%).");
    expect(rateSentence(columns(1, {}), "share")).toBe("No message has been sent yet.");
  });
});

describe("the other charts", () => {
  it("say how many Connected peers there are", () => {
    const history = columns(3, { connected_min: 0.5, connected_avg: 1, connected_max: 2 });
    expect(connectedSentence(history)).toBe("A peer has 2.0 Connected peers on average, between 1 and 4.");
  });

  it("stack the kinds up to the whole", () => {
    const stacked = mix(columns(5, { query: 4, answer: 2, invitation: 1, referral: 2, goodbye: 1 }));
    expect(stacked.map((line) => line[4])).toEqual([0.4, 0.6, 0.7, 0.9, 1]);
    expect(stacked[0]?.[0]).toBeNull();
  });
});
