/**
 * Address and history of the browser. The address names the present run or none, and every entry keeps the run
 * that it showed, so that Back and a reload return to it.
 */
import { formHash, readHash } from "../share/link";
import type { ClaimOfRun, Origin } from "../worker/workerMessages";
import type { KnobValue, ScenarioInput } from "../wasm/ringside_wasm.js";
import * as store from "./store";

/** Run at a tick, with everything that opens it again. */
export interface Snapshot {
  /** Scenario with the commands given so far. */
  input: ScenarioInput;
  /** The same as it was opened, without them. */
  base: ScenarioInput;
  tick: number;
  /** Link that the run agrees with; null if there is none. */
  link: string | null;
  example: string | null;
  claim: ClaimOfRun | null;
  edits: [path: string, value: KnobValue][];
}

/** Present run; null if there is none. */
export function snapshot(): Snapshot | null {
  const run = store.run.peek();
  if (!run) return null;
  return {
    input: { ...run.scenario, commands: store.commands.peek() },
    base: run.scenario,
    tick: store.metrics.peek()?.tick ?? 0,
    link: store.openedLink.peek(),
    example: store.example.peek(),
    claim: store.claim.peek(),
    edits: [...store.edits.peek()],
  };
}

/** Run of the current entry, if it has no link that names one; null otherwise. */
export function remembered(): Snapshot | null {
  const state: unknown = history.state;
  if (location.hash !== "" || typeof state !== "object" || state === null || !("run" in state)) return null;
  return state.run as Snapshot | null;
}

/** Writes the run into the current entry, before another one gets an entry. */
export function keep(): void {
  write("replaceState", store.address.peek());
}

/** Takes note of an opened run, whose entry is a new one or the current one. */
export function enter({ link, isNewEntry }: Origin): void {
  // An entry for a hash that was typed or clicked exists already, as does one for an address that failed.
  const isOwn = payloadOf(location.hash) === store.address.peek();
  write(isNewEntry && isOwn ? "pushState" : "replaceState", link);
}

/** Removes a link from the address that a command has made another run's, in an entry of its own. */
export function leaveLink(): void {
  write(store.address.peek() === null ? "replaceState" : "pushState", null);
}

/** Puts a new link to the present run into the address. */
export function show(link: string): void {
  write("replaceState", link);
}

/** Puts the address of the present run back, after one that could not be opened. */
export function restoreAddress(): void {
  write("replaceState", store.address.peek());
}

function write(how: "pushState" | "replaceState", link: string | null): void {
  store.address.value = link;
  const url = location.pathname + location.search + (link === null ? "" : formHash(link));
  try {
    history[how]({ run: snapshot() }, "", url);
  } catch {
    // Sandboxed frames have no history of their own, and browsers limit the rate of changes.
  }
}

function payloadOf(hash: string): string | null {
  const found = readHash(hash);
  return found.kind === "link" ? found.payload : found.kind === "none" ? null : hash;
}
