/** Answer rates from cumulative counts: both definitions with their names and formulas. */
import { MESSAGE_KINDS } from "../protocol/messageKinds";
import type { Definition } from "../store/store";
import type { History } from "../wasm/ringside_wasm.js";
import { count, percentInText } from "../ui/format";

export interface RateDefinition {
  name: string;
  formula: string;
  /** Names of numerator and denominator, for a sentence. */
  top: string;
  bottom: string;
}

export const DEFINITIONS: Record<Definition, RateDefinition> = {
  share: {
    name: "Answers / all messages",
    formula: "(Answers + Invitations) ÷ all messages sent",
    top: "Answers or Invitations",
    bottom: "messages",
  },
  perQuery: {
    name: "Answers / Queries",
    formula: "Answers (without Invitations) ÷ Queries sent",
    top: "Answers",
    bottom: "Queries",
  },
};

/** Length of the window of recent rates in rounds. */
export const WINDOW = 10;

export function topAt(history: History, definition: Definition, i: number): number {
  const answers = history.answer[i] ?? 0;
  return definition === "share" ? answers + (history.invitation[i] ?? 0) : answers;
}

export function bottomAt(history: History, definition: Definition, i: number): number {
  if (definition === "perQuery") return history.query[i] ?? 0;
  return MESSAGE_KINDS.reduce((sum, { name }) => sum + (history[name]?.[i] ?? 0), 0);
}

/** Rate since the start at each sample; null while the denominator is 0. */
export function cumulative(history: History, definition: Definition): (number | null)[] {
  return Array.from(history.round, (_, i) => divide(topAt(history, definition, i), bottomAt(history, definition, i)));
}

/** Rate within the last `window` rounds at each sample; null if the denominator is 0. */
export function recent(history: History, definition: Definition, window = WINDOW): (number | null)[] {
  let back = 0;
  return Array.from(history.round, (round, i) => {
    while ((history.round[back + 1] ?? Infinity) <= round - window) back += 1;
    const top = topAt(history, definition, i) - topAt(history, definition, back);
    return divide(top, bottomAt(history, definition, i) - bottomAt(history, definition, back));
  });
}

function divide(top: number, bottom: number): number | null {
  return bottom > 0 ? top / bottom : null;
}

/** Summary of the chart of the Answer rate. */
export function rateSentence(history: History, definition: Definition): string {
  const last = history.round.length - 1;
  if (last < 1) return "No message has been sent yet.";
  const { top, bottom } = DEFINITIONS[definition];
  const a = topAt(history, definition, last);
  const b = bottomAt(history, definition, last);
  const rate = percentInText(divide(a, b));
  return definition === "share"
    ? `${count(a)} of ${count(b)} ${bottom} were ${top} (${rate}).`
    : `${count(a)} ${top} to ${count(b)} ${bottom} (${rate}).`;
}

/** Summary of the chart of Connected peers. */
export function connectedSentence(history: History): string {
  const last = history.round.length - 1;
  if (last < 0) return "There are no samples yet.";
  const at = (values: Float64Array): number => values[last] ?? 0;
  const avg = at(history.connected_avg).toFixed(1);
  return `A peer has ${avg} Connected peers on average, between ${count(at(history.connected_min))} and ${count(at(history.connected_max))}.`;
}

/**
 * Share of each kind in the messages of the last `window` rounds, stacked from below in the order of
 * `MESSAGE_KINDS`.
 */
export function mix(history: History, window = WINDOW): (number | null)[][] {
  const order = MESSAGE_KINDS.map(({ name }) => history[name]);
  const stacked: (number | null)[][] = order.map(() => []);
  let back = 0;
  for (let i = 0; i < history.round.length; i += 1) {
    while ((history.round[back + 1] ?? Infinity) <= (history.round[i] ?? 0) - window) back += 1;
    const parts = order.map((values) => (values?.[i] ?? 0) - (values?.[back] ?? 0));
    const total = parts.reduce((sum, part) => sum + part, 0);
    let sum = 0;
    parts.forEach((part, kind) => {
      sum += part;
      stacked[kind]?.push(divide(sum, total));
    });
  }
  return stacked;
}
