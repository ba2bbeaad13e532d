import { describe, expect, it } from "vitest";
import { inWords, sentence } from "./words";

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
