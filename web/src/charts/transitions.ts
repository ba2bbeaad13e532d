/** State changes between peers, in words and as arrows of a diagram. */
import type { PeerState } from "../protocol/peerStates";
import { count, plural } from "../ui/format";
import type { PeerStateKind, Transition } from "../wasm/ringside_wasm.js";

/** States of a peer in the table of another, from left to right, with the colour of their boxes. */
export const STATES: { name: PeerStateKind; title: string; colour: PeerState }[] = [
  { name: "unknown", title: "Unknown", colour: "crashed" },
  { name: "identified", title: "Identified", colour: "identified" },
  { name: "pending", title: "Pending", colour: "pending" },
  { name: "connected", title: "Connected", colour: "connected" },
];

/** Arrow of the diagram between two indices of `STATES`. */
export interface Change {
  from: number;
  to: number;
  count: number;
}

/** Numbers of changes by their states, summed over their causes. */
export function changes(transitions: Transition[]): Change[] {
  const indexOf = (name: PeerStateKind): number => STATES.findIndex((state) => state.name === name);
  const sums = new Map<string, Change>();
  for (const { from, to, count: times } of transitions) {
    const change = sums.get(from + to) ?? { from: indexOf(from), to: indexOf(to), count: 0 };
    change.count += times;
    sums.set(from + to, change);
  }
  return [...sums.values()];
}

/** Cause in words: "no reply". */
export function causeText(cause: string): string {
  return cause.replaceAll("_", " ");
}

/** Phrases for the causes that end connections; any other cause is "by" its name. */
const ENDINGS: Record<string, string> = {
  no_reply: "for lack of a reply", silence: "after silence", budget: "for lack of budget", tenure: "for lack of confirmation",
  absence: "after absence", suspicion: "on suspicion",
};

/** Summary of the diagram. */
export function changesSentence(transitions: Transition[]): string {
  const sum = (pick: (t: Transition) => boolean): number => transitions.filter(pick).reduce((all, t) => all + t.count, 0);
  const initial = sum((t) => t.to === "connected" && t.cause === "introduction");
  const formed = sum((t) => t.to === "connected") - initial;
  if (transitions.length === 0) return "No state has changed yet.";
  if (formed === 0) {
    return initial > 0 ? `${plural(initial, "connection")} existed from the start, and none has formed since.` : "No connection has formed yet.";
  }
  const losses = new Map<string, number>();
  for (const { from, cause, count: times } of transitions) {
    if (from === "connected") losses.set(cause, (losses.get(cause) ?? 0) + times);
  }
  const ended = sum((t) => t.from === "connected");
  const [cause, times] = [...losses].sort(([, a], [, b]) => b - a)[0] ?? ["", 0];
  const most = times === 0 ? "" : `, ${quantifier(times, ended)} ${ENDINGS[cause] ?? `by ${causeText(cause)}`}`;
  return `${plural(formed, "connection")} formed, ${count(ended)} ended${most}.`;
}

/** Word for the largest part of a whole: "most" only if it is more than half. */
function quantifier(part: number, whole: number): string {
  if (part === whole) return "all";
  return part * 2 > whole ? "most" : "most often";
}
