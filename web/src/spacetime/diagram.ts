/** Space-time diagram of the core: cells by row and column, and the scale of its colours. */
import type { RingHistory } from "../wasm/ringside_wasm.js";

/** Values of a cell that are not a number of Connected peers, in descending order. */
export const CELL = { noPeer: 65535, crashed: 65534, alone: 65533, identified: 65532, pending: 65531 } as const;

/** Number of columns that hold a moment. */
export function columnsOf({ rows, cells }: RingHistory): number {
  return cells.length / rows;
}

/** Width of the image: room for all rounds of the experiment, and for those beyond. */
export function widthOf(diagram: RingHistory, rounds: number): number {
  return Math.max(columnsOf(diagram), Math.floor(rounds / diagram.roundsPerColumn) + 1);
}

/** Maximum number of Connected peers in the image, at least 1. */
export function mostOf({ cells }: RingHistory): number {
  let most = 1;
  for (const cell of cells) if (cell < CELL.pending && cell > most) most = cell;
  return most;
}
