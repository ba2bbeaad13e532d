/** Outcomes of crashes in sequence, drawn as runs of equal ones. */

/** Outcomes by their codes. Rows of their own tell them apart without colour. */
export const OUTCOMES = [
  { name: "old", fill: "f-identified", meaning: "the file from before the save" },
  { name: "new", fill: "f-connected", meaning: "the saved file" },
  { name: "damaged", fill: "f-danger", meaning: "a file that cannot be read" },
  { name: "lost", fill: "f-muted", meaning: "no file" },
  { name: "mixed", fill: "f-pending", meaning: "a file that is neither" },
] as const;

export interface Run { outcome: number; from: number; to: number }

/** Runs of equal outcomes. */
export function runsOf(outcomes: readonly number[]): Run[] {
  const runs: Run[] = [];
  outcomes.forEach((outcome, index) => {
    const last = runs.at(-1);
    if (last?.outcome === outcome) last.to = index + 1;
    else runs.push({ outcome, from: index, to: index + 1 });
  });
  return runs;
}

/** Number of crashes by outcome. */
export const countsOf = (outcomes: readonly number[]): number[] =>
  OUTCOMES.map((_, code) => outcomes.filter((outcome) => outcome === code).length);
