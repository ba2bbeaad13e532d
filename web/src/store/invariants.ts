/** What must hold of a run, in words. */
import { computed } from "@preact/signals";
import type { PropertyState } from "../wasm/ringside_wasm.js";
import { plural } from "../ui/format";
import * as store from "./store";

export type Violated = PropertyState & { state: "violated" };

export const KINDS: { kind: PropertyState["kind"]; title: string; when: string }[] = [
  { kind: "always", title: "Always", when: "at every tick, whatever befalls the world" },
  { kind: "eventually", title: "Eventually", when: "once the world has been left alone for a while" },
  { kind: "sometimes", title: "Sometimes", when: "at least once in a run that has exercised everything" },
];

/** How a property stands, in a word. */
export function word({ kind, state }: Pick<PropertyState, "kind" | "state">): string {
  if (state === "violated") return "violated";
  if (kind === "sometimes") return state === "holds" ? "seen" : "not yet";
  return state === "holds" ? "holds" : "awaited";
}

export function violationsAmong(states: readonly PropertyState[]): Violated[] {
  return states.filter((state): state is Violated => state.state === "violated").sort((a, b) => a.tick - b.tick);
}

export interface Summary {
  /** "none" where nobody has looked. */
  tone: "good" | "bad" | "none";
  text: string;
  /** The whole story, for a tip. */
  detail: string;
}

export function summarise(states: readonly PropertyState[] | null): Summary {
  if (!states) return { tone: "none", text: "not watched", detail: "Nobody looks at what must hold of this run." };
  const violated = violationsAmong(states).length;
  const tally = KINDS.map(({ kind }) => {
    const all = states.filter((state) => state.kind === kind);
    return `${kind}: ${all.filter(({ state }) => state === "holds").length} of ${all.length}`;
  });
  const always = states.filter(({ kind }) => kind === "always").length;
  return {
    tone: violated > 0 ? "bad" : "good",
    text: violated > 0 ? `${violated} of ${always} violated` : `${always} hold`,
    detail: `${plural(states.length, "property", "properties")} looked at. ${tally.join(", ")}.`,
  };
}

export const violations = computed(() => violationsAmong(store.inspection.value?.states ?? []));
export const summary = computed(() => summarise(store.inspection.value?.states ?? null));
