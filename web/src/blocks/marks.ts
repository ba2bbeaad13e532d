/** What pictures of blocks show, read from the map of the latest blocks. */
import type { BlockMap, BlockMark } from "../wasm/ringside_wasm.js";
import { positionOf } from "../ring/ids";

/** What a peer has done with a block, by code. */
export const STANDS = ["heard", "approved", "refused", "committed"] as const;

/** What an undecided block waits for, by code. */
export const CAUSES = ["its content", "a parent", "votes on a token", "votes of witnesses", "nothing: it has lost"] as const;

export interface TokenVotes {
  token: bigint;
  yes: number;
  no: number;
  /** Peers of the range. */
  of: number;
  /** Arc of the range, from its lowest to its highest peer, as positions that may leave [0, 1). */
  arc: [number, number];
}

/** Signed distance of two positions the shorter way round. */
function offset(from: number, to: number): number {
  const way = to - from;
  return way - Math.round(way);
}

/** Votes on each token of a block, with the arc of its range. */
export function tokensOf(block: BlockMark): TokenVotes[] {
  return Array.from(block.token, (token, i) => {
    const [range, at] = [block.range[i] ?? new BigUint64Array(), positionOf(token)];
    const offsets = Array.from(range, (peer) => offset(at, positionOf(peer)));
    return {
      token, yes: block.votes[2 * i] ?? 0, no: block.votes[2 * i + 1] ?? 0, of: range.length,
      arc: [at + Math.min(0, ...offsets), at + Math.max(0, ...offsets)],
    };
  });
}

/**
 * The chosen block, as it was last seen if newer ones have taken its position among the latest; without a choice
 * the newest that has messages on their way, or the newest.
 */
export function shownOf({ blocks }: BlockMap, chosen: string | null, kept: BlockMark | null): BlockMark | undefined {
  const found = blocks.find(({ id }) => id === chosen);
  const last = chosen !== null && kept?.id === chosen ? kept : undefined;
  return found ?? last ?? blocks.find(({ messages }) => messages.length > 0) ?? blocks[0];
}

/** Number of peers by what they have done with a block, in the order of `STANDS`. */
export function standing(block: BlockMark): number[] {
  const counts = STANDS.map(() => 0);
  for (const stand of block.stand) counts[stand] = (counts[stand] ?? 0) + 1;
  return counts;
}

export interface Waiting {
  id: bigint;
  age: number;
  cause: string;
  decided: number;
  tokens: number;
  votes: number;
}

/** Undecided blocks of the selected peer, those that have waited longest first. */
export function waitingOf(map: BlockMap): Waiting[] {
  const rows = Array.from(map.waiting, (id, i): Waiting => {
    const [age = 0, cause = 0, decided = 0, tokens = 0, votes = 0] = map.waits.subarray(5 * i, 5 * i + 5);
    return { id, age, cause: CAUSES[cause] ?? "", decided, tokens, votes };
  });
  return rows.sort((one, other) => other.age - one.age);
}
