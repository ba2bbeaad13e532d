/** What adversaries do, for people. */
import type { Conduct } from "../wasm/ringside_wasm.js";

/** In the order of their numbers in frames. */
export const CONDUCTS = {
  honest: "Keeps all rules.",
  withholder: "Neither answers nor refers: who asks it waits in vain.",
  "free-rider": "Stores nothing but its own id, and lives on what others store.",
  forger: "Answers every Query with a proof that it makes up.",
  colluder: "As a forger, with inventions on which all colluders agree.",
  replayer: "Answers with proofs of others that it has seen.",
  duplicator: "Answers everything twice, which blocks the channel.",
  framer: "Answers and passes the Query on: whose Answer comes second looks like a cheat.",
  equivocator: "Tells each asker of another block for the same token.",
  poisoner: "Refers everybody to its accomplices.",
  flooder: "Invites all peers it knows, in every round.",
  eclipser: "Refers to accomplices, answers in concert with them, and courts whomever it can.",
} as const satisfies Record<Conduct, string>;

export const CONDUCT_NAMES = Object.keys(CONDUCTS) as Conduct[];

/** The conduct with a number of a frame. */
export function conductAt(number: number | undefined): Conduct {
  return CONDUCT_NAMES[number ?? 0] ?? "honest";
}
