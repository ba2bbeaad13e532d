import { describe, expect, it } from "vitest";
import { inWords, openingInWords, sentence } from "./words";

describe("what the core says", () => {
  it("becomes sentences", () => {
    expect(sentence("was altered on its way")).toBe("Was altered on its way.");
    expect(sentence("Already one.")).toBe("Already one.");
    expect(sentence("")).toBe("");
    expect(inWords([{ path: "peer", message: "is not on the ring", remedy: "choose another" }])).toBe(
      "Peer is not on the ring. Choose another.",
    );
  });
});

describe("a scenario that is being opened", () => {
  it("is said with its number of peers where it has one", () => {
    expect(openingInWords({ set: { genesis: { peers: 100_000 } } })).toBe("Opening a world of 100,000 peers…");
    expect(openingInWords({ preset: "improved" })).toBe("Opening a world…");
  });
});
