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
    expect(changesSentence(transitions)).toBe("4 connections formed, 1 ended, all for lack of a reply.");
    const ends = (...counts: number[]): Transition[] => counts.map((count, i) =>
      ({ from: "connected", to: i === 0 ? "identified" : "unknown", cause: ["no_reply", "budget", "budget"][i] ?? "", count }));
    const sentence = (...counts: number[]): string => changesSentence([...transitions.slice(0, 3), ...ends(...counts)]);
    expect(sentence(6, 4)).toMatch(/10 ended, most for lack of a reply\.$/);
    expect(sentence(4, 3, 2)).toMatch(/9 ended, most for lack of budget\.$/);
    expect(sentence(5, 5)).toMatch(/10 ended, most often for lack of a reply\.$/);
    expect(changesSentence(transitions.slice(0, 2))).toBe("No connection has formed yet.");
    const initial: Transition = { from: "unknown", to: "connected", cause: "introduction", count: 62 };
    expect(changesSentence([initial])).toBe("62 connections existed from the start, and none has formed since.");
    expect(changesSentence([])).toBe("No state has changed yet.");
  });
});
