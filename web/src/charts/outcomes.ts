/** Outcomes of elections, in words. */
import { percentInText, plural } from "../ui/format";
import type { Metrics } from "../wasm/ringside_wasm.js";

type Outcome = keyof Metrics["outcomes"];

/** Outcomes of elections, success first. */
export const OUTCOMES: { name: Outcome; title: string; meaning: string }[] = [
  { name: "elected", title: "completed", meaning: "A single winner: the election is complete" },
  { name: "disagreement", title: "disagreement", meaning: "Enough Answers, but no cluster of them large enough" },
  { name: "split_brain", title: "split brain", meaning: "Abandoned: two clusters of Answers contradict each other" },
  { name: "too_few_answers", title: "too few Answers", meaning: "Timed out with fewer Answers than a cluster needs, though no message was lost" },
  { name: "no_answer", title: "no Answer", meaning: "Timed out without an Answer, though no message was lost" },
  { name: "loss", title: "message loss", meaning: "Timed out with no Answer or too few, after a message was lost or cut" },
];

/** Summary of the bar. */
export function outcomeSentence(outcomes: Metrics["outcomes"]): string {
  const ended = OUTCOMES.reduce((sum, { name }) => sum + outcomes[name], 0);
  if (ended === 0) return "No election has ended yet.";
  const failed = OUTCOMES.slice(1).filter(({ name }) => outcomes[name] > 0).sort((a, b) => outcomes[b.name] - outcomes[a.name]);
  const share = (part: number): string => percentInText(part / ended);
  const first = failed[0];
  const most = first ? `; the most frequent failure: ${first.title} (${share(outcomes[first.name])})` : "";
  return `Of ${plural(ended, "ended election")}, ${share(outcomes.elected)} were completed${most}.`;
}
