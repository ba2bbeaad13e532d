/** Table of knobs: search, changes, sections. */
import { splitPath } from "../store/scenario";
import type { Knob, KnobValue } from "../wasm/ringside_wasm.js";

/** Descriptions of sections. */
export const SECTIONS: Record<string, string> = {
  time: "length of a round",
  genesis: "initial peers and their contacts",
  tokens: "storage and proofs of storage",
  election: "queries, answers and tallies",
  peers: "peer table, invitations and pruning",
  network: "loss, delay and bandwidth of messages",
  routing: "forwarding of queries",
  churn: "arrival and departure of peers",
  adversary: "peers that break a rule of the protocol",
  stack: "layers that every host runs",
  rollout: "elections of some peers only",
  session: "sessions of document 002: streams, keepalive, dialling, faults",
  sync: "blocks synchronized over sessions",
  radio: "radio of document 004: LoRa frames, the law of a region, mesh",
  manager: "peer manager of document 004: discovery, pool, scores, bans",
  consensus: "votes of peers on blocks, and defects of the original",
  load: "blocks that clients submit",
};

export function nameOf(knob: Knob): string {
  return splitPath(knob.path)[1].replaceAll("_", " ");
}

/** Knobs whose path, name, meaning, unit or options contain all words of a query. */
export function findKnobs(knobs: readonly Knob[], query: string): Knob[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return knobs.filter((knob) => {
    const options = knob.kind.type === "choice" ? knob.kind.options.join(" ") : "";
    const all = `${knob.path} ${nameOf(knob)} ${knob.meaning} ${knob.unit} ${options}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Knob that differs from the preset, and the value of the preset. */
export interface Change {
  knob: Knob;
  base: KnobValue;
}

export function changesOf(knobs: readonly Knob[], edits: ReadonlyMap<string, KnobValue>, baseline: readonly Knob[]): Change[] {
  const bases = new Map(baseline.map(({ path, value }) => [path, value]));
  return knobs.flatMap((knob) => {
    const base = bases.get(knob.path);
    return base === undefined || base === (edits.get(knob.path) ?? knob.value) ? [] : [{ knob, base }];
  });
}

export function bySection(knobs: readonly Knob[]): [section: string, knobs: Knob[]][] {
  const sections = new Map<string, Knob[]>();
  for (const knob of knobs) {
    const [section] = splitPath(knob.path);
    sections.set(section, [...(sections.get(section) ?? []), knob]);
  }
  return [...sections];
}
