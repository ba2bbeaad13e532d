/** Properties of a run and their summary in words. */
import { computed } from "@preact/signals";
import type { PropertyState } from "../wasm/ringside_wasm.js";
import { plural } from "../ui/format";
import * as store from "./store";

export type Violated = PropertyState & { state: "violated" };

export const KINDS: { kind: PropertyState["kind"]; title: string; when: string }[] = [
  { kind: "always", title: "Always", when: "at every tick, under any fault" },
  { kind: "eventually", title: "Eventually", when: "once no command has been given for a while" },
  { kind: "sometimes", title: "Sometimes", when: "expected to be seen at least once" },
];

/** Status of a property in a word. */
export function statusWord({ kind, state }: Pick<PropertyState, "kind" | "state">): string {
  if (state === "violated") return "violated";
  if (kind === "sometimes") return state === "holds" ? "seen" : "not yet";
  return state === "holds" ? "holds" : "awaited";
}

export function violationsAmong(states: readonly PropertyState[]): Violated[] {
  return states.filter((state): state is Violated => state.state === "violated").sort((a, b) => a.tick - b.tick);
}

export interface Summary {
  /** "none" if no check has been made. */
  tone: "good" | "bad" | "none";
  text: string;
  /** Counts by kind, for a tooltip. */
  detail: string;
}

export function summarise(states: readonly PropertyState[] | null): Summary {
  if (!states) return { tone: "none", text: "not checked", detail: "The properties of this run are not being checked." };
  const violated = violationsAmong(states).length;
  const tally = KINDS.map(({ kind }) => {
    const all = states.filter((state) => state.kind === kind);
    return `${kind}: ${all.filter(({ state }) => state === "holds").length} of ${all.length}`;
  });
  const always = states.filter(({ kind }) => kind === "always").length;
  return {
    tone: violated > 0 ? "bad" : "good",
    text: violated > 0 ? `${violated} of ${always} violated` : `${always} hold`,
    detail: `${plural(states.length, "property", "properties")} checked. ${tally.join(", ")}.`,
  };
}

export const violations = computed(() => violationsAmong(store.inspection.value?.states ?? []));
export const summary = computed(() => summarise(store.inspection.value?.states ?? null));
