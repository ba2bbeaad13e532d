/** What is thrown, and what it says. */
import type { Failure } from "../wasm/ringside_wasm.js";

/** Message of anything that was thrown. */
export const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** The `Failure` that bad input throws. Anything else is a panic and is thrown on. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "problems" in thrown) return thrown as Failure;
  throw thrown;
}
