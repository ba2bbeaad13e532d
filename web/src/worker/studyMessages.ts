/** Messages between the page and a worker that makes runs of its own for one picture. */
import type { Airtime, CacheView, CrashStrips, PoolView, ScenarioInput } from "../wasm/ringside_wasm.js";

/** Who a story is about. */
export type Teller =
  /** The cache of a host, followed over restarts by its number. */
  | { kind: "cache"; number: number; peer: string }
  /** The managed peers of a host. */
  | { kind: "pool"; peer: string };

/** A figure that is read from a run; null if the run has none. */
export type Reading = "hitsTrue" | "hitsReported" | "badShare" | "poolScore";

export type ToStudies =
  /** Runs a scenario once for each entry, and reads figures at every one of the rounds. */
  | { kind: "curve"; runs: ScenarioInput[]; rounds: number[]; read: Reading[] }
  /** Runs a scenario up to a tick again, and looks at a host at an interval in ticks. */
  | { kind: "story"; input: ScenarioInput; until: number; every: number; who: Teller }
  | { kind: "crash"; seed: number; points: number; entries: number; syncMs: number }
  /** The numbers of the binding, for several frames. */
  | { kind: "airtime"; frames: number[][] };

/** A look at a host; `view` is absent while no host is found. */
export interface Look<V> { tick: number; view: V | undefined }

export type FromStudies =
  | { type: "ready" }
  /** Figures of a run, by round and by reading. */
  | { type: "run"; index: number; values: (number | null)[][] }
  | { type: "looks"; looks: Look<CacheView | PoolView>[]; done: number }
  | { type: "crash"; strips: CrashStrips }
  | { type: "airtime"; answers: Airtime[] }
  | { type: "over" }
  | { type: "failed"; message: string };
