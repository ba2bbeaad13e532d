/** Phrases of the descriptions of commands. */
import { shortHex } from "../ring/ids";
import { plural } from "../ui/format";
import type { Id } from "../wasm/ringside_wasm.js";

/** State of a clock: "5 rounds behind, at 90 % of its rate"; "right" if it is correct. */
export function clockText(skew: number, rate: number): string {
  const offset = skew === 0 ? [] : [`${plural(Math.abs(skew), "round")} ${skew > 0 ? "ahead" : "behind"}`];
  const drift = rate === 1000 ? [] : [`at ${rate / 10} % of its rate`];
  return [...offset, ...drift].join(", ") || "right";
}

/** Name of a behavior with its article: "an equivocator". */
export function aBehavior(behavior: string): string {
  return `${/^[aeiou]/.test(behavior) ? "an" : "a"} ${behavior}`;
}

/** Abbreviated id of a peer. */
export function peer(id: Id): string {
  return `${shortHex(id)}…`;
}

/** Share of one in percent, with one decimal at most. */
export function percentOf(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
