import { describe, expect, it } from "vitest";
import type { PropertyState } from "../wasm/ringside_wasm.js";
import { statusWord, summarise, violationsAmong } from "./invariants";

const holds = (id: string, kind: PropertyState["kind"]): PropertyState => ({ id, kind, meaning: "It is so.", state: "holds" });
const awaited = (id: string, kind: PropertyState["kind"]): PropertyState =>
  ({ id, kind, meaning: "It is so.", state: "awaited", peers: [], text: "not seen yet" });
const violated = (id: string, tick: number): PropertyState =>
  ({ id, kind: "always", meaning: "It is so.", state: "violated", tick, peers: ["00ff00ff00ff00ff"], text: "1 peer: wrong" });

describe("properties", () => {
  it("have a word for every kind and state", () => {
    const states = [
      holds("a", "always"), violated("b", 3), holds("c", "eventually"), awaited("d", "eventually"), holds("e", "sometimes"),
      awaited("f", "sometimes"),
    ];
    expect(states.map(statusWord)).toEqual(["holds", "violated", "holds", "awaited", "seen", "not yet"]);
  });

  it("are summed up in a few words", () => {
    const calm = [holds("a", "always"), holds("b", "always"), awaited("c", "eventually")];
    expect(summarise(calm)).toMatchObject({ tone: "none", text: "2 hold · 0 of 1 eventually" });
    expect(summarise(calm, true)).toMatchObject({ tone: "missed", text: "2 hold · 0 of 1 hold at the end" });
    const seen = [holds("a", "always"), holds("b", "eventually"), holds("c", "sometimes"), awaited("d", "sometimes")];
    expect(summarise(seen, true)).toMatchObject({ tone: "good", text: "1 hold · 1 of 1 hold at the end · 1 of 2 seen" });
    expect(summarise(calm).detail).toBe("3 properties checked. always: 2 of 2, eventually: 0 of 1, sometimes: 0 of 0.");
    expect(summarise([...calm, violated("d", 9)])).toMatchObject({ tone: "bad", text: "1 of 3 violated · 0 of 1 eventually" });
    expect(summarise(null)).toMatchObject({ tone: "none", text: "not checked" });
  });

  it("are listed by tick if violated", () => {
    const found = violationsAmong([violated("late", 90), holds("a", "always"), violated("early", 5)]);
    expect(found.map(({ id }) => id)).toEqual(["early", "late"]);
  });
});
