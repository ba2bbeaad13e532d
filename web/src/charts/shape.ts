/** What the shape of the graph says, in words, and the curves that its distances are compared with. */
import { count, percent, plural } from "../ui/format";
import type { Distances, Metrics, Shape, Standing, Transition } from "../wasm/ringside_wasm.js";

/** How a fact stands with what the design promises. The word says it; the mark repeats it. */
export type Mark = "good" | "partly" | "bad";

export interface Fact {
  mark: Mark;
  /** The fact in a word or two. */
  name: string;
  text: string;
}

/** The facts that have a right answer. */
export function facts(shape: Shape): Fact[] {
  if (shape.running === 0) return [];
  return [hangsTogether(shape), isClosed(shape), isSymmetric(shape), isSuspected(shape)];
}

function hangsTogether({ mutual_islands: { count: islands, largest_share } }: Shape): Fact {
  if (islands === 1) return { mark: "good", name: "one piece", text: "everybody reaches everybody by mutual connections" };
  const largest = percent(largest_share);
  return {
    mark: (largest_share ?? 0) > 0.9 ? "partly" : "bad", name: plural(islands, "island"),
    text: `of mutual connections; the largest has ${largest} of the peers`,
  };
}

function isClosed({ closeness: { closed_share }, running }: Shape): Fact {
  if (closed_share === null) return { mark: "good", name: "closed ring", text: "there are no neighbours to miss" };
  const pairs = running > 2 ? running : 1;
  const open = Math.round((1 - closed_share) * pairs);
  if (open === 0) return { mark: "good", name: "closed ring", text: "all next neighbours are mutually Connected" };
  const mark = closed_share > 0.9 ? "partly" : "bad";
  return { mark, name: "open ring", text: `${count(open)} of ${count(pairs)} next neighbours are not mutually Connected` };
}

function isSymmetric({ symmetric_share, edges }: Shape): Fact {
  if (symmetric_share === null) return { mark: "bad", name: "no connections", text: "nobody is Connected" };
  const mark = symmetric_share > 0.95 ? "good" : symmetric_share > 0.5 ? "partly" : "bad";
  const name = symmetric_share > 0.95 ? "symmetric" : symmetric_share > 0.5 ? "partly one-sided" : "mostly one-sided";
  return { mark, name, text: `${percent(symmetric_share)} of ${plural(edges, "connection")} are mutual` };
}

function isSuspected({ partition, running }: Shape): Fact {
  const suspecting = partition.true_positives + partition.false_positives;
  const who = suspecting === 0 ? "nobody suspects it" : `${count(suspecting)} of ${count(running)} peers suspect it`;
  if (partition.cut || partition.split) {
    const what = partition.cut ? "cut in two" : "in parts";
    return { mark: suspecting === running ? "good" : suspecting > 0 ? "partly" : "bad", name: what, text: who };
  }
  if (suspecting === 0) return { mark: "good", name: "no partition", text: "and nobody suspects one" };
  return { mark: "partly", name: "no partition", text: `but ${count(suspecting)} of ${count(running)} peers suspect one` };
}

/** How far connections reach, in a sentence: which curve is nearer, and how near. */
export function fitSentence({ ks_uniform: uniform, ks_gaussian: gaussian }: Distances): string {
  if (uniform === null || gaussian === null) return "There are no connections to measure.";
  const nearer = gaussian < uniform ? `the Gaussian (${off(gaussian)})` : `no preference (${off(uniform)})`;
  const other = gaussian < uniform ? `no preference (${off(uniform)})` : `the Gaussian (${off(gaussian)})`;
  const best = Math.min(uniform, gaussian);
  if (best > 0.1) return `Far from both curves: ${nearer} is nearer than ${other}.`;
  return best > 0.04 ? `Nearer to ${nearer} than to ${other}.` : `Close to ${nearer}, and not to ${other}.`;
}

function off(statistic: number): string {
  return `D\u00a0=\u00a0${statistic.toFixed(2)}`;
}

/** Edges in a bin of this middle, where they fade as a Gaussian of this deviation does. */
export function gaussian(middle: number, deviation: number, edges: number, bins: number): number {
  const density = Math.sqrt(2 / Math.PI) / deviation * Math.exp(-(middle * middle) / (2 * deviation * deviation));
  return (density * edges) / bins;
}

export interface Bins {
  /** The number that the first bin stands for. */
  first: number;
  bins: number[];
  others: number[];
}

/** Bins without the empty ones before the first, but for a margin and for a least number of bins. */
export function trimmed(bins: number[], others: number[], width: number, least = 12): Bins {
  const used = bins.findIndex((bin, i) => bin > 0 || (others[i] ?? 0) > 0);
  const start = Math.max(0, Math.min(used - 1, bins.length - least));
  return { first: start * width, bins: bins.slice(start), others: others.slice(start) };
}

export const STANDINGS: { name: Standing; title: string; glyph: "crashed" | "identified" | "pending" | "connected" }[] = [
  { name: "unknown", title: "Unknown", glyph: "crashed" },
  { name: "identified", title: "Identified", glyph: "identified" },
  { name: "pending", title: "Pending", glyph: "pending" },
  { name: "connected", title: "Connected", glyph: "connected" },
];

export interface Change {
  from: number;
  to: number;
  count: number;
}

/** Changes by what they lead from and to, as places among the standings, whatever their cause. */
export function changes(transitions: Transition[]): Change[] {
  const place = (name: Standing): number => STANDINGS.findIndex((standing) => standing.name === name);
  const sums = new Map<string, Change>();
  for (const { from, to, count: times } of transitions) {
    const change = sums.get(from + to) ?? { from: place(from), to: place(to), count: 0 };
    change.count += times;
    sums.set(from + to, change);
  }
  return [...sums.values()];
}

/** "no_reply" as a person writes it. */
export function causeWords(cause: string): string {
  return cause.replaceAll("_", " ");
}

/** The diagram in a sentence. */
export function changesSentence(transitions: Transition[]): string {
  const sum = (pick: (t: Transition) => boolean): number => transitions.filter(pick).reduce((all, t) => all + t.count, 0);
  const given = sum((t) => t.to === "connected" && t.cause === "introduction");
  const gained = sum((t) => t.to === "connected") - given;
  if (transitions.length === 0) return "Nobody has changed its mind yet.";
  if (gained === 0) return given > 0 ? `${plural(given, "connection")} were there from the start, and none has formed since.` : "No peer has become Connected yet.";
  const losses = transitions.filter((t) => t.from === "connected").sort((a, b) => b.count - a.count);
  const lost = sum((t) => t.from === "connected");
  const why = losses[0] ? `, mostly by ${causeWords(losses[0].cause)}` : "";
  return `Peers became Connected ${plural(gained, "time")}, and ceased to be ${plural(lost, "time")}${why}.`;
}

type Outcome = keyof Metrics["outcomes"];

/** The ways in which elections end, the good one first. */
export const OUTCOMES: { name: Outcome; title: string; meaning: string }[] = [
  { name: "elected", title: "elected", meaning: "Ended with a single winner" },
  { name: "disagreement", title: "disagreement", meaning: "Enough Answers, of which none agreed with enough others" },
  { name: "split_brain", title: "split brain", meaning: "Two clusters of Answers against each other" },
  { name: "too_few_answers", title: "too few Answers", meaning: "Fewer Answers than make a cluster, though nothing was lost" },
  { name: "no_answer", title: "no Answer", meaning: "No Answer, though nothing was lost" },
  { name: "loss", title: "loss", meaning: "No Answer or too few, after a message was lost or cut" },
];

/** The bar in a sentence. */
export function outcomeSentence(outcomes: Metrics["outcomes"]): string {
  const ended = OUTCOMES.reduce((sum, { name }) => sum + outcomes[name], 0);
  if (ended === 0) return "No election has ended yet.";
  const failed = OUTCOMES.slice(1).filter(({ name }) => outcomes[name] > 0).sort((a, b) => outcomes[b.name] - outcomes[a.name]);
  const share = (part: number): string => percent(part / ended).replace(" ", "\u00a0");
  const first = failed[0];
  const most = first ? `; most others failed by ${first.title} (${share(outcomes[first.name])})` : "";
  return `Of ${plural(ended, "ended election")}, ${share(outcomes.elected)} had a winner${most}.`;
}
