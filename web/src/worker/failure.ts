/** What the bindings throw. */
import type { Failure } from "../wasm/ringside_wasm.js";

/** Bad input is thrown as a Failure; anything else is a panic and goes on its way. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "problems" in thrown) return thrown as Failure;
  throw thrown;
}
