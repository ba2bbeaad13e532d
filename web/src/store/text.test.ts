import { describe, expect, it } from "vitest";
import { problemText, openingText, sentence } from "./text";

describe("texts of the core", () => {
  it("become sentences", () => {
    expect(sentence("was damaged")).toBe("Was damaged.");
    expect(sentence("Already one.")).toBe("Already one.");
    expect(sentence("")).toBe("");
    expect(problemText([{ path: "peer", message: "is not on the ring", remedy: "choose another" }])).toBe(
      "Peer is not on the ring. Choose another.",
    );
  });
});

describe("a scenario that is being opened", () => {
  it("is announced with its number of peers, if it has one", () => {
    expect(openingText({ kind: "scenario", input: { set: { genesis: { peers: 100_000 } } } })).toBe("Opening a world of 100,000 peers…");
    expect(openingText({ kind: "scenario", input: { preset: "improved" } })).toBe("Opening a world…");
    expect(openingText({ kind: "file", bytes: new Uint8Array(), name: "a.json" })).toBe("Opening a.json…");
  });
});
