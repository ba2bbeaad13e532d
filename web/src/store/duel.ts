/** Examples come in pairs, an attack and its defence: what came of the one stays to be seen beside the other. */
import { effect, signal } from "@preact/signals";
import type { Metrics } from "../wasm/ringside_wasm.js";
import * as store from "./store";

export type Role = "attack" | "defence";

/** The role that an example's name says it has, and what the pair is about; null for all others. */
export function roleOf(name: string | null): { role: Role; about: string } | null {
  const found = /^(attack|defence)-(.+)$/.exec(name ?? "");
  return found ? { role: found[1] as Role, about: found[2] ?? "" } : null;
}

/** What came of each example of a pair when it was last run. */
export const outcomes = signal<ReadonlyMap<string, Metrics>>(new Map());

effect(() => {
  const { value: name } = store.example;
  const { value: metrics } = store.metrics;
  // While another run is being opened, the figures are still those of the run before.
  if (name === null || metrics === null || store.opening.value !== null || !roleOf(name)) return;
  outcomes.value = new Map(outcomes.peek()).set(name, metrics);
});
