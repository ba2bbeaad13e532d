/** Shape of the graph, in words, and the curves that its distances are compared with. */
import { count, percent, plural } from "../ui/format";
import type { Distances, Shape } from "../wasm/ringside_wasm.js";

/** Agreement of a fact with the design of the protocol. The text says it; the mark repeats it. */
export type Mark = "good" | "partly" | "bad";

export interface Fact {
  mark: Mark;
  /** Fact in a word or two. */
  name: string;
  text: string;
}

/** Facts for which the design has a target. */
export function facts(shape: Shape): Fact[] {
  if (shape.running === 0) return [];
  return [connectedness(shape), closure(shape), symmetry(shape), partitionDetection(shape)];
}

function connectedness({ mutual_islands: { count: components, largest_share } }: Shape): Fact {
  if (components === 1) return { mark: "good", name: "connected", text: "mutual connections join all peers" };
  const largest = percent(largest_share);
  return {
    mark: (largest_share ?? 0) > 0.9 ? "partly" : "bad", name: plural(components, "component"),
    text: `of mutual connections; the largest has ${largest} of the peers`,
  };
}

function closure({ closeness: { closed_share }, running }: Shape): Fact {
  if (closed_share === null) return { mark: "good", name: "closed ring", text: "there are no neighbours" };
  const pairs = running > 2 ? running : 1;
  const open = Math.round((1 - closed_share) * pairs);
  if (open === 0) return { mark: "good", name: "closed ring", text: "all adjacent peers are mutually Connected" };
  const mark = closed_share > 0.9 ? "partly" : "bad";
  return { mark, name: "open ring", text: `${count(open)} of ${count(pairs)} adjacent pairs are not mutually Connected` };
}

function symmetry({ symmetric_share, edges }: Shape): Fact {
  if (symmetric_share === null) return { mark: "bad", name: "no connections", text: "no peer is Connected" };
  const mark = symmetric_share > 0.95 ? "good" : symmetric_share > 0.5 ? "partly" : "bad";
  const name = symmetric_share > 0.95 ? "symmetric" : symmetric_share >= 0.5 ? "partly one-sided" : "mostly one-sided";
  return { mark, name, text: `${percent(symmetric_share)} of ${plural(edges, "connection")} are mutual` };
}

function partitionDetection({ partition, running }: Shape): Fact {
  const suspecting = partition.true_positives + partition.false_positives;
  const detection = suspecting === 0 ? "no peer has noticed" : `${count(suspecting)} of ${count(running)} peers suspect it`;
  if (partition.cut || partition.split) {
    const name = partition.cut ? "partitioned" : "split";
    return { mark: suspecting === running ? "good" : suspecting > 0 ? "partly" : "bad", name, text: detection };
  }
  if (suspecting === 0) return { mark: "good", name: "no partition", text: "and no peer suspects one" };
  return { mark: "partly", name: "no partition", text: `but ${count(suspecting)} of ${count(running)} peers suspect one` };
}

/** Comparison of the distances with both curves, by their Kolmogorov-Smirnov statistics. */
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

/** Expected edges in a bin with this middle, for a half-normal distribution with this deviation. */
export function gaussian(middle: number, deviation: number, edges: number, bins: number): number {
  const density = Math.sqrt(2 / Math.PI) / deviation * Math.exp(-(middle * middle) / (2 * deviation * deviation));
  return (density * edges) / bins;
}

export interface Bins {
  /** Value of the first bin. */
  first: number;
  bins: number[];
  others: number[];
}

/** Bins without the leading empty ones, except one, and at least `least` of them. */
export function trimmed(bins: number[], others: number[], width: number, least = 12): Bins {
  const used = bins.findIndex((bin, i) => bin > 0 || (others[i] ?? 0) > 0);
  const start = Math.max(0, Math.min(used - 1, bins.length - least));
  return { first: start * width, bins: bins.slice(start), others: others.slice(start) };
}
