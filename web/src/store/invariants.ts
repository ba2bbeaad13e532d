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
  /**
   * "none" if no check has been made, or if a liveness property is awaited that is not due yet; "missed" if it
   * is due.
   */
  tone: "good" | "missed" | "bad" | "none";
  text: string;
  /** Counts by kind, for a tooltip. */
  detail: string;
}

/** Summary of the properties. Those that hold eventually are due at the end of the experiment. */
export function summarise(states: readonly PropertyState[] | null, isEnd = false): Summary {
  if (!states) return { tone: "none", text: "not checked", detail: "The properties of this run are not being checked." };
  const violated = violationsAmong(states).length;
  const counts = KINDS.map(({ kind }) => {
    const all = states.filter((state) => state.kind === kind);
    return { kind, holding: all.filter(({ state }) => state === "holds").length, all: all.length };
  });
  const [always, eventually, sometimes] = counts;
  const isAwaited = eventually !== undefined && eventually.holding < eventually.all;
  const first = violated > 0 ? `${violated} of ${always?.all ?? 0} violated` : `${always?.all ?? 0} hold`;
  const rest = [[eventually, isEnd ? "hold at the end" : "eventually"], [sometimes, "seen"]] as const;
  const others = rest.flatMap(([counted, word]) => (counted && counted.all > 0 ? [`${counted.holding} of ${counted.all} ${word}`] : []));
  return {
    tone: violated > 0 ? "bad" : !isAwaited ? "good" : isEnd ? "missed" : "none",
    text: [first, ...others].join(" · "),
    detail: `${plural(states.length, "property", "properties")} checked. ${counts.map(({ kind, holding, all }) => `${kind}: ${holding} of ${all}`).join(", ")}.`,
  };
}

export const violations = computed(() => violationsAmong(store.inspection.value?.states ?? []));
export const summary = computed(() => {
  const run = store.run.value;
  const inspection = store.inspection.value;
  const isEnd = run !== null && inspection !== null && inspection.tick >= run.rounds * run.ticksPerRound;
  return summarise(inspection?.states ?? null, isEnd);
});
