/** Scenario of a restart. */
import type { KnobValue, ScenarioInput } from "../wasm/ringside_wasm.js";

/** Scenario that a run was opened with, with the edited knobs and optionally another seed. */
export function restartInput(
  opened: ScenarioInput, edits: ReadonlyMap<string, KnobValue>, seed?: string,
): ScenarioInput {
  const set: Record<string, Record<string, KnobValue>> = structuredClone(opened.set ?? {});
  for (const [path, value] of edits) {
    const [section, name] = splitPath(path);
    set[section] = { ...set[section], [name]: value };
  }
  return { ...structuredClone(opened), ...(seed === undefined ? {} : { seed }), ...(Object.keys(set).length > 0 ? { set } : {}) };
}

/** Section and name of a knob path: "network.loss" gives "network" and "loss". */
export function splitPath(path: string): [section: string, name: string] {
  const dot = path.indexOf(".");
  return dot < 0 ? ["", path] : [path.slice(0, dot), path.slice(dot + 1)];
}
