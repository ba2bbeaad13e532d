import { describe, expect, it } from "vitest";
import { formHash, readHash } from "./link";

describe("the address of a run", () => {
  it("is empty for the default experiment", () => {
    expect(readHash("")).toEqual({ kind: "none" });
    expect(readHash("#")).toEqual({ kind: "none" });
  });

  it("round-trips a payload", () => {
    expect(readHash(formHash("1.AbC-_9"))).toEqual({ kind: "link", payload: "1.AbC-_9" });
  });

  it("survives what chats do to links", () => {
    expect(readHash("#s=1%2EAbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#utm=x&s=1.AbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#s=1.AbC%20")).toEqual({ kind: "link", payload: "1.AbC" });
  });

  it("hands broken payloads to the core, which says what is wrong", () => {
    expect(readHash("#s=")).toEqual({ kind: "link", payload: "" });
    expect(readHash("#s=%E0%A4%A")).toEqual({ kind: "link", payload: "%E0%A4%A" });
  });

  it("never takes a fragment it does not understand for the default experiment", () => {
    expect(readHash("#1.AbC").kind).toBe("unknown");
  });
});
