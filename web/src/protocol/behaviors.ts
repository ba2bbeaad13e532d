/** Behaviors of peers, described, in the order of their codes in frames. */
import type { Behavior } from "../wasm/ringside_wasm.js";

export const BEHAVIORS = {
  honest: "Keeps all rules.",
  withholder: "Ignores Queries: neither answers nor refers.",
  "free-rider": "Stores nothing but its own id, and relies on the storage of others.",
  forger: "Answers every Query with a forged proof.",
  colluder: "Answers with forged proofs that all colluders agree on.",
  replayer: "Answers with proofs that it received from others.",
  duplicator: "Answers every Query twice, which blocks the channel.",
  framer: "Answers and passes the Query on, so that the second Answer looks like misbehavior.",
  equivocator: "Tells every asker of a different block for the same token.",
  poisoner: "Refers to its fellow adversaries only.",
  flooder: "Invites every peer it knows in every round.",
  eclipser: "Refers to its fellow adversaries, answers in agreement with them, and invites everyone.",
  scrambler: "Answers with forged proofs that all scramblers agree on, with their tokens in no order.",
} as const satisfies Record<Behavior, string>;

export const BEHAVIOR_NAMES = Object.keys(BEHAVIORS) as Behavior[];

/** Behavior of a code; "honest" if the table lacks it. */
export function behaviorAt(code: number | undefined): Behavior {
  return BEHAVIOR_NAMES[code ?? 0] ?? "honest";
}
