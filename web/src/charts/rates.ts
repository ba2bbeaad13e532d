/** Rates from cumulative counts. Both definitions of the Answer rate live here, with their names and formulas, and nowhere else. */
import type { Definition } from "../store/store";
import type { History } from "../wasm/ringside_wasm.js";
import { count, percent, plural } from "../ui/format";

export interface RateDefinition {
  name: string;
  formula: string;
  /** What the two counts are, for a sentence. */
  top: string;
  bottom: string;
}

export const DEFINITIONS: Record<Definition, RateDefinition> = {
  share: {
    name: "Answers / all messages",
    formula: "(Answers + Invitations) ÷ all messages sent",
    top: "Answers and Invitations",
    bottom: "messages",
  },
  perQuery: {
    name: "Answers / Queries",
    formula: "Answers (without Invitations) ÷ Queries sent",
    top: "Answers",
    bottom: "Queries",
  },
};

/** Rounds that the line of recent rates looks back. */
export const WINDOW = 10;

type Counts = Pick<History, "query" | "answer" | "invitation" | "referral" | "goodbye">;

export function topAt(history: Counts, definition: Definition, i: number): number {
  const answers = history.answer[i] ?? 0;
  return definition === "share" ? answers + (history.invitation[i] ?? 0) : answers;
}

export function bottomAt(history: Counts, definition: Definition, i: number): number {
  const queries = history.query[i] ?? 0;
  if (definition === "perQuery") return queries;
  return queries + (history.answer[i] ?? 0) + (history.invitation[i] ?? 0) + (history.referral[i] ?? 0) + (history.goodbye[i] ?? 0);
}

/** Top over bottom since the beginning; null before there is anything to divide by. */
export function cumulative(history: History, definition: Definition): (number | null)[] {
  return Array.from(history.round, (_, i) => divide(topAt(history, definition, i), bottomAt(history, definition, i)));
}

/** Top over bottom within the last `window` rounds at each sample. */
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

/** The chart in a sentence. */
export function rateSentence(history: History, definition: Definition): string {
  const last = history.round.length - 1;
  if (last < 1) return "Nothing has been sent yet.";
  const { top, bottom } = DEFINITIONS[definition];
  const a = topAt(history, definition, last);
  const b = bottomAt(history, definition, last);
  const late = recent(history, definition).at(-1) ?? null;
  const rounds = history.round[last] ?? 0;
  const share = percent(divide(a, b));
  return `After ${plural(rounds, "round")} ${count(a)} ${top} to ${count(b)} ${bottom}: ${share}; ${percent(late)} in the last ${WINDOW} rounds.`;
}

/** The other chart in a sentence. */
export function connectedSentence(history: History): string {
  const last = history.round.length - 1;
  if (last < 0) return "There are no samples yet.";
  const at = (values: Float64Array): number => values[last] ?? 0;
  const avg = at(history.connected_avg).toFixed(1);
  return `A peer has ${avg} Connected peers on average, between ${count(at(history.connected_min))} and ${count(at(history.connected_max))}.`;
}

/** Share of each kind in the messages of the last `window` rounds, stacked from below: query, referral, invitation, answer, goodbye. */
export function mix(history: History, window = WINDOW): (number | null)[][] {
  const order = [history.query, history.referral, history.invitation, history.answer, history.goodbye];
  const stacked: (number | null)[][] = order.map(() => []);
  let back = 0;
  for (let i = 0; i < history.round.length; i += 1) {
    while ((history.round[back + 1] ?? Infinity) <= (history.round[i] ?? 0) - window) back += 1;
    const parts = order.map((values) => (values[i] ?? 0) - (values[back] ?? 0));
    const total = parts.reduce((sum, part) => sum + part, 0);
    let sum = 0;
    parts.forEach((part, kind) => {
      sum += part;
      stacked[kind]?.push(divide(sum, total));
    });
  }
  return stacked;
}
