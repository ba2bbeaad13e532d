import { describe, expect, it } from "vitest";
import choices from "../../../core/src/config/section/adversary.rs?raw";
import table from "../../../core/src/scenario/command/table.rs?raw";
import { BEHAVIOR_NAMES, behaviorAt } from "../protocol/behaviors";
import { commandOf, editsOnSelection, findForms, formById, problemsByField, valueOf } from "./forms";
import { FORMS } from "./table";

/** Commands with a control of their own. */
const ELSEWHERE = ["join", "leave", "crash", "return", "cut", "heal"];
const PEER = "00ff00ff00ff00ff";

function must(id: string) {
  const form = formById(id);
  if (!form) throw new Error(`there is no form ${id}`);
  return form;
}

describe("the table of forms", () => {
  const inCore = [...table.matchAll(/form!\(\d+ "([a-z-]+)" \w+ (?:\{(.*?)\}|arc)\)/gs)];

  it("has a form for every command of the core", () => {
    expect(inCore.length).toBe(28);
    const here = new Set([...FORMS.map(({ kind }) => kind), ...ELSEWHERE]);
    expect([...here].sort()).toEqual(inCore.map(([, name]) => name).sort());
    expect(new Set(FORMS.map(({ id }) => id)).size).toBe(FORMS.length);
  });

  it("has the limits of the core", () => {
    for (const [, name, fields] of inCore) {
      for (const [, field = "", min, max] of (fields ?? "").matchAll(/(\w+): count\((\w+), (\w+)\)/g)) {
        const whole = (text = ""): number => Number(text.replaceAll("_", ""));
        const kind = FORMS.find((form) => form.kind === name)?.fields[field]?.kind;
        expect(kind, `${name}.${field}`).toEqual({ type: "count", min: whole(min), max: whole(max) });
      }
    }
  });

  it("has a field or a fixed value for every value of a command", () => {
    for (const [, name, fields] of inCore) {
      for (const [, field = ""] of (fields ?? "").matchAll(/(\w+): /g)) {
        for (const form of FORMS.filter(({ kind }) => kind === name)) {
          expect(Object.keys({ ...form.fields, ...form.fixed }), form.id).toContain(field);
        }
      }
    }
  });

  it("begins with values within its limits", () => {
    for (const { fields } of FORMS) {
      for (const { kind, initial } of Object.values(fields)) {
        if (kind.type === "count") expect(Number(initial) >= kind.min && Number(initial) <= kind.max).toBe(true);
        if (kind.type === "choice") expect(kind.options).toContain(initial);
        if (kind.type === "behavior") expect(BEHAVIOR_NAMES).toContain(initial);
      }
    }
  });

  it("has the behaviors in the order of the core", () => {
    const options = /pub enum Behavior \{(.*?)\n {4}\}/s.exec(choices)?.[1] ?? "";
    expect(BEHAVIOR_NAMES).toEqual([...options.matchAll(/= "([a-z-]+)"/g)].map(([, name]) => name));
    expect([behaviorAt(0), behaviorAt(3), behaviorAt(99), behaviorAt(undefined)]).toEqual(["honest", "forger", "honest", "honest"]);
  });
});

describe("a form", () => {
  it("makes a command of its edits and the selected peer", () => {
    expect(commandOf(must("skew"), { rounds: 3 }, PEER)).toEqual({ kind: "skew", peer: PEER, rounds: 3, direction: "ahead" });
    expect(commandOf(must("hold-a-link"), { to: "1" }, PEER)).toEqual({ kind: "hold", from: PEER, to: "1" });
    expect(commandOf(must("make-honest"), {}, PEER)).toEqual({ kind: "corrupt", peer: PEER, conduct: "honest" });
    expect(commandOf(must("pause"), {}, null)).toEqual({ kind: "pause", peer: "" });
  });

  it("follows the selected peer until it is edited", () => {
    const peer = must("pause").fields.peer;
    if (!peer) throw new Error("there is no field");
    expect(valueOf(peer, undefined, PEER)).toBe(PEER);
    expect(valueOf(peer, "", PEER)).toBe("");
  });

  it("keeps the first selected peer as the first of two ids", () => {
    expect(editsOnSelection(must("hold-a-link"), {}, PEER)).toEqual({ from: PEER });
    expect(editsOnSelection(must("hold-a-link"), { from: "1" }, PEER)).toEqual({});
    expect(editsOnSelection(must("hold-a-link"), {}, null)).toEqual({});
    expect(editsOnSelection(must("pause"), {}, PEER)).toEqual({});
  });

  it("assigns a problem to the field that its path ends in", () => {
    const problem = (path: string) => ({ path, message: "m", remedy: "r" });
    const found = problemsByField(must("corrupt"), [problem("command.peer"), problem("peer"), problem("kind")]);
    expect(found.get("peer")).toHaveLength(2);
    expect(found.get("")?.[0]?.path).toBe("kind");
  });
});

describe("the search for a form", () => {
  it("knows synonyms, and ranks labels first", () => {
    expect(findForms("")).toHaveLength(FORMS.length);
    expect(findForms("byzantine").map(({ kind }) => kind)).toContain("corrupt");
    expect(findForms("hold")[0]?.id).toBe("hold-a-link");
    expect(findForms("regions")[0]?.id).toBe("regions");
    expect(findForms("no such thing")).toEqual([]);
  });
});
