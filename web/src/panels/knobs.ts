/** The table of knobs as the panel shows it: what is looked for, what is changed, in sections. */
import { splitPath } from "../store/scenario";
import type { Knob, KnobValue } from "../wasm/ringside_wasm.js";

/** What a section is about; one that is not here goes without. */
export const SECTIONS: Record<string, string> = {
  time: "what a round is",
  genesis: "who exists at the start, and who knows whom",
  tokens: "what is stored, and how it is proved",
  election: "how answers are asked for and decided on",
  peers: "whom a peer remembers, invites and drops",
  network: "what happens to messages on their way",
  routing: "who passes questions on, and to whom",
  churn: "peers that come and go by themselves",
  adversary: "peers that break a rule",
};

export function nameOf(knob: Knob): string {
  return splitPath(knob.path)[1].replaceAll("_", " ");
}

/** Knobs whose path, name, meaning, unit or options hold all words of a text. */
export function findKnobs(knobs: readonly Knob[], text: string): Knob[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return knobs.filter((knob) => {
    const options = knob.kind.type === "choice" ? knob.kind.options.join(" ") : "";
    const all = `${knob.path} ${nameOf(knob)} ${knob.meaning} ${knob.unit} ${options}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** A knob that differs from the preset, and what the preset has. */
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
