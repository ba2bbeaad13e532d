/** Failures thrown by the bindings. */
import type { Failure } from "../wasm/ringside_wasm.js";

/** The `Failure` that bad input throws. Anything else is a panic and is thrown on. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "problems" in thrown) return thrown as Failure;
  throw thrown;
}
