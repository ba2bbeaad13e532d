import { describe, expect, it } from "vitest";
import type { BlockMap, BlockMark } from "../wasm/ringside_wasm.js";
import { shownOf, standing, tokensOf, waitingOf } from "./marks";

const at = (share: number): bigint => BigInt(share * 64) << 58n;

const block: BlockMark = {
  id: "7", round: 3,
  token: BigUint64Array.of(at(0)), votes: Uint32Array.of(6, 1), range: [BigUint64Array.of(at(0.125), at(0.875))],
  holder: BigUint64Array.of(1n, 2n, 3n), stand: Uint8Array.of(3, 0, 3), messages: new BigUint64Array(),
};

describe("marks of blocks", () => {
  it("gives the range of a token as an arc across the origin", () => {
    expect(tokensOf(block)).toEqual([{ token: 0n, yes: 6, no: 1, of: 2, arc: [-0.125, 0.125] }]);
  });

  it("counts peers by what they have done", () => {
    expect(standing(block)).toEqual([1, 0, 0, 2]);
  });

  it("lists the blocks of a peer that have waited longest first, each with its cause", () => {
    const map = {
      threshold: 2, blocks: [], disputed: new BigUint64Array(),
      waiting: BigUint64Array.of(5n, 9n), waits: Uint32Array.of(4, 2, 1, 2, 7, 30, 4, 0, 2, 3),
    } satisfies BlockMap;
    expect(waitingOf(map)).toEqual([
      { id: 9n, age: 30, cause: "nothing: it has lost", decided: 0, tokens: 2, votes: 3 },
      { id: 5n, age: 4, cause: "votes on a token", decided: 1, tokens: 2, votes: 7 },
    ]);
  });

  it("shows a chosen block on when it has left the latest ones", () => {
    const map = { threshold: 2, blocks: [{ ...block, id: "8" }, { ...block, id: "9", messages: BigUint64Array.of(1n, 2n) }], disputed: new BigUint64Array(), waiting: new BigUint64Array(), waits: new Uint32Array() } satisfies BlockMap;
    expect(shownOf(map, null, null)?.id).toBe("9");
    expect(shownOf(map, "8", null)?.id).toBe("8");
    expect(shownOf(map, "7", block)).toBe(block);
    expect(shownOf(map, "7", null)?.id).toBe("9");
  });
});
