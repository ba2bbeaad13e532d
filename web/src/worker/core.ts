/**
 * Module of the core in use: the one with which the page opens, or the one with all layers, which a scenario
 * that needs them loads. Runs of both can exist side by side, but each belongs to its own module.
 */
import { simd } from "wasm-feature-detect";
import * as lab from "../wasm/ringside_wasm.js";
import withLayers from "../wasm/ringside_layers_bg.wasm?url";
import withSimd from "../wasm/ringside_simd_bg.wasm?url";
import type { Source } from "./workerMessages";

export type Core = typeof lab;

/** Module in which new runs are made. */
export let core: Core = lab;

/** Loads the SIMD build of the core if the browser supports it: it is up to 10 % faster. */
export async function loadCore(): Promise<void> {
  await ((await simd()) ? lab.default({ module_or_path: withSimd }) : lab.default());
}

export const hasLayers = (): boolean => core !== lab;

let loading: Promise<void> | null = null;

/**
 * Loads the module with all layers, with bindings of its own, and makes new runs in it. It is instantiated
 * once, however often it is asked for meanwhile: another instance would take the memory of runs of the first.
 */
export function loadLayers(): Promise<void> {
  loading ??= instantiateLayers().catch((reason: unknown) => {
    loading = null;
    throw reason;
  });
  return loading;
}

async function instantiateLayers(): Promise<void> {
  const bindings = (await import("../wasm/ringside_wasm.js?layers")) as Core;
  await bindings.default({ module_or_path: withLayers });
  core = bindings;
}

/** Run of a source at tick 0. */
export function simulationOf(source: Source, { Simulation }: Core): lab.Simulation {
  switch (source.kind) {
    case "scenario":
      return Simulation.from_scenario(source.input);
    case "file":
      return Simulation.read(source.bytes);
    case "link":
      return Simulation.open(source.link);
  }
}
