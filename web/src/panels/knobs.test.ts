import { describe, expect, it } from "vitest";
import type { Knob } from "../wasm/ringside_wasm.js";
import { bySection, changesOf, findKnobs, SECTIONS } from "./knobs";

const FILES = import.meta.glob<string>("../../../core/src/config/section/*.rs", { query: "?raw", import: "default", eager: true });

const loss: Knob = { path: "network.loss", kind: { type: "share", max: 1 }, unit: "", meaning: "The probability that a message is lost.", value: 0.1, live: true };
const peers: Knob = { path: "genesis.peers", kind: { type: "count", min: 1, max: 9 }, unit: "peers", meaning: "Peers that exist at the start.", value: 3, live: false };
const behavior: Knob = { path: "adversary.conduct", kind: { type: "choice", options: ["honest", "forger"] }, unit: "", meaning: "What they do.", value: "honest", live: false };
const ALL = [loss, peers, behavior];

describe("knobs", () => {
  it("are found by all words of a query, in any part of the row", () => {
    expect(findKnobs(ALL, " LOST message ")).toEqual([loss]);
    expect(findKnobs(ALL, "forger")).toEqual([behavior]);
    expect(findKnobs(ALL, "")).toEqual(ALL);
    expect(findKnobs(ALL, "lost peers")).toEqual([]);
  });

  it("are changed if they differ from the preset, by an edit or since the run was opened", () => {
    const baseline = ALL.map((knob) => (knob === loss ? { ...knob, value: 0 } : knob));
    const changes = (edits: [string, number][]) => changesOf(ALL, new Map(edits), baseline).map(({ knob, base }) => [knob.path, base]);
    expect(changes([])).toEqual([["network.loss", 0]]);
    expect(changes([["genesis.peers", 4]])).toEqual([["network.loss", 0], ["genesis.peers", 3]]);
    expect(changes([["network.loss", 0]])).toEqual([]);
  });

  it("are grouped in sections, each with a description", () => {
    expect(bySection(ALL).map(([section, knobs]) => [section, knobs.length])).toEqual([["network", 1], ["genesis", 1], ["adversary", 1]]);
    const sections = Object.values(FILES).flatMap((text) => [...text.matchAll(/^ {4}(\w+): \w+Config;$/gm)].map(([, section]) => section));
    expect(sections.sort()).toEqual(Object.keys(SECTIONS).sort());
  });
});
