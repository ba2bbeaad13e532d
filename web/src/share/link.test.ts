import { describe, expect, it } from "vitest";
import { formHash, namesLayers, readHash } from "./link";

describe("the URL of a run", () => {
  it("is empty for the default experiment", () => {
    expect(readHash("")).toEqual({ kind: "none" });
    expect(readHash("#")).toEqual({ kind: "none" });
  });

  it("round-trips a payload", () => {
    expect(readHash(formHash("1.AbC-_9"))).toEqual({ kind: "link", payload: "1.AbC-_9" });
  });

  it("survives percent-encoding and added parameters", () => {
    expect(readHash("#s=1%2EAbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#utm=x&s=1.AbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#s=1.AbC%20")).toEqual({ kind: "link", payload: "1.AbC" });
  });

  it("survives an encoded equals sign, blanks and line breaks", () => {
    expect(readHash("#s%3D1.AbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#utm=x%26s%3D1.AbC")).toEqual({ kind: "link", payload: "1.AbC" });
    expect(readHash("#%20s=1.Ab%0D%0AC%20")).toEqual({ kind: "link", payload: "1.AbC" });
  });

  it("refuses two runs in one link", () => {
    const found = readHash("#s=1.AbC&s=1.AbD");
    expect(found.kind === "unknown" && found.problem.message).toBe("The link holds two runs.");
  });

  it("passes broken payloads to the core, which reports the reason", () => {
    expect(readHash("#s=")).toEqual({ kind: "link", payload: "" });
    expect(readHash("#s=%E0%A4%A")).toEqual({ kind: "link", payload: "%E0%A4%A" });
  });

  it("never takes an unknown fragment for the default experiment", () => {
    expect(readHash("#1.AbC").kind).toBe("unknown");
  });

  it("tells presets with layers from others, and takes nothing else for one", () => {
    const layered = ["1.AQYBAAAAAK3Vg7k", "1.AR8BAAHaBAwAADEH9o0", "1.ATwBAAAAAMhpsFI"];
    const others = ["1.AQkBAAAAAK3Vg7k", "1.AQUBAAKAAcCaDIEBBAAAdJ1P4g", "1.", "", "1.!!!!", "2.AR8BAAAA"];
    expect(layered.map(namesLayers)).toEqual(layered.map(() => true));
    expect(others.map(namesLayers)).toEqual(others.map(() => false));
  });
});
