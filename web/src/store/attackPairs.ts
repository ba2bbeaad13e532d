/** Pairs of examples, an attack and its defence: the results of both are kept for comparison. */
import { effect, signal } from "@preact/signals";
import type { Metrics } from "../wasm/ringside_wasm.js";
import * as store from "./store";

export type Role = "attack" | "defence";

/**
 * Role and topic of an example by its name, "attack-forger" or "defence-forger"; null for any other
 * example.
 */
export function roleOf(name: string | null): { role: Role; about: string } | null {
  const found = /^(attack|defence)-(.+)$/.exec(name ?? "");
  return found ? { role: found[1] as Role, about: found[2] ?? "" } : null;
}

/** Last metrics of each example of a pair, by name. */
export const pairMetrics = signal<ReadonlyMap<string, Metrics>>(new Map());

effect(() => {
  const { value: name } = store.example;
  const { value: metrics } = store.metrics;
  // While another run is being opened, the metrics are still those of the previous run.
  if (name === null || metrics === null || store.opening.value !== null || !roleOf(name)) return;
  pairMetrics.value = new Map(pairMetrics.peek()).set(name, metrics);
});
