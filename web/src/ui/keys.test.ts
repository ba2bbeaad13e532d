import { describe, expect, it } from "vitest";
import { meaningOf } from "./keys";

const meanings = (keys: [key: string, code: string, shiftKey?: boolean][]): string[] =>
  keys.map(([key, code, shiftKey = false]) => meaningOf({ key, code, shiftKey }));

describe("keys", () => {
  it("mean what they type on a US keyboard", () => {
    expect(meanings([["r", "KeyR"], ["N", "KeyN", true], [".", "Period"], [">", "Period", true], [",", "Comma"], ["?", "Slash", true], [" ", "Space"], ["7", "Digit7"]]))
      .toEqual(["r", "n", ".", "Shift+.", ",", "?", " ", "7"]);
  });

  it("reach every action on AZERTY, where digits and the full stop take Shift", () => {
    expect(meanings([["&", "Digit1"], ["_", "Digit8"], ["1", "Digit1", true], [".", "Comma", true], [",", "KeyM"], [":", "Period"], ["/", "Period", true], ["?", "KeyM", true], [">", "IntlBackslash", true]]))
      .toEqual(["1", "8", "1", ".", ",", ".", "Shift+.", "?", ">"]);
  });

  it("reach every action on Cyrillic and Greek layouts", () => {
    expect(meanings([["к", "KeyR"], ["Т", "KeyN", true], ["ы", "KeyS"], ["в", "KeyD"], ["ю", "Period"], ["Ю", "Period", true], [".", "Slash"], [",", "Slash", true], ["?", "Digit7", true]]))
      .toEqual(["r", "n", "s", "d", ".", "Shift+.", ".", ",", "?"]);
    expect(meanings([["ρ", "KeyR"], ["ν", "KeyN"], ["σ", "KeyS"], ["δ", "KeyD"]])).toEqual(["r", "n", "s", "d"]);
  });

  it("reach every action on a German layout", () => {
    expect(meanings([[".", "Period"], [":", "Period", true], ["?", "Minus", true], [";", "Comma", true]])).toEqual([".", "Shift+.", "?", ";"]);
  });

  it("keep the letters of other Latin layouts", () => {
    expect(meanings([["o", "KeyS"], ["r", "KeyO"], ["v", "Period"]])).toEqual(["o", "r", "v"]);
  });
});
