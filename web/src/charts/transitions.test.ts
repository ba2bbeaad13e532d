import { describe, expect, it } from "vitest";
import type { Transition } from "../wasm/ringside_wasm.js";
import { changes, changesSentence } from "./transitions";

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

  it("are summarised in a sentence", () => {
    expect(changesSentence(transitions)).toBe("4 connections formed, 1 ended, most for lack of a reply.");
    expect(changesSentence(transitions.slice(0, 2))).toBe("No connection has formed yet.");
    const initial: Transition = { from: "unknown", to: "connected", cause: "introduction", count: 62 };
    expect(changesSentence([initial])).toBe("62 connections existed from the start, and none has formed since.");
    expect(changesSentence([])).toBe("No state has changed yet.");
  });
});
