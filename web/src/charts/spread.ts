/** Spread of a figure over runs. */

export interface Spread { low: number; mid: number; high: number; runs: number }

/** Least, median and greatest of the values that runs have; null if none has one. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((one, other) => one - other);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return null;
  const at = (index: number): number => sorted[index] ?? low;
  const half = (sorted.length - 1) / 2;
  return { low, mid: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, high, runs: sorted.length };
}

/** Points in sequence that have a value, with their indices. */
export function gapsOf(points: readonly (Spread | null)[]): [index: number, spread: Spread][][] {
  const parts: [number, Spread][][] = [];
  points.forEach((spread, index) => {
    if (!spread) return;
    if (points[index - 1]) parts.at(-1)?.push([index, spread]);
    else parts.push([[index, spread]]);
  });
  return parts;
}
