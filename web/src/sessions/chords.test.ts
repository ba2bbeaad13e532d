import { describe, expect, it } from "vitest";
import type { SessionRows } from "../wasm/ringside_wasm.js";
import { CHORDS_MAX, CHORD_STATES, chordsOf, shownOf } from "./chords";

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 2, 3, 4];
const [DIALLED, ACCEPTED] = [0, 1];

/** Rows from tuples: host, peer, state, direction, outstanding pings. */
function rowsOf(rows: [bigint, bigint, number, number, number][]): SessionRows {
  return {
    host: BigUint64Array.from(rows.map((row) => row[0])),
    peer: BigUint64Array.from(rows.map((row) => row[1])),
    opened: new Float64Array(rows.length),
    closed: new Float64Array(rows.length),
    state: Uint8Array.from(rows.map((row) => row[2])),
    direction: Uint8Array.from(rows.map((row) => row[3])),
    generation: new Uint32Array(rows.length),
    pings: Uint32Array.from(rows.map((row) => row[4])),
  };
}

const both = (a: bigint, b: bigint, pings = 0): [bigint, bigint, number, number, number][] =>
  [[a, b, OPEN, DIALLED, pings], [b, a, OPEN, ACCEPTED, 0]];

describe("sessions as chords", () => {
  it("has one chord for each pair, with the state of both ends", () => {
    const rows = rowsOf([
      [1n, 2n, CLOSED, DIALLED, 0], ...both(2n, 1n), ...both(3n, 1n, 1), [4n, 1n, OPEN, ACCEPTED, 0],
      [5n, 1n, CONNECTING, DIALLED, 0], [6n, 1n, CLOSING, DIALLED, 0], ...both(7n, 8n), ...both(8n, 7n), [9n, 0n, OPEN, DIALLED, 0],
    ]);
    expect(chordsOf(rows)).toEqual([
      { a: 1n, b: 2n, state: "open" }, { a: 1n, b: 3n, state: "waiting" }, { a: 1n, b: 4n, state: "half" },
      { a: 1n, b: 5n, state: "opening" }, { a: 1n, b: 6n, state: "ending" }, { a: 7n, b: 8n, state: "double" },
    ]);
  });

  it("says that a redial is under way while the other end holds on to the former session", () => {
    expect(chordsOf(rowsOf([[1n, 2n, OPEN, ACCEPTED, 0], [2n, 1n, CONNECTING, DIALLED, 0]]))).toEqual([{ a: 1n, b: 2n, state: "opening" }]);
  });

  it("draws those of the selected host alone if there are too many", () => {
    const few = chordsOf(rowsOf([...both(1n, 2n), ...both(3n, 4n)]));
    expect(shownOf(few, 1n)).toHaveLength(2);
    const many = chordsOf(rowsOf(Array.from({ length: CHORDS_MAX + 1 }, (_, i) => both(1n + BigInt(i % 2), 10n + BigInt(i))).flat()));
    expect(shownOf(many, 1n)).toHaveLength(Math.ceil((CHORDS_MAX + 1) / 2));
    expect(shownOf(many, null)).toEqual([]);
  });

  it("tells states apart without colour", () => {
    const lines = CHORD_STATES.map(({ dash, width }) => `${dash.join(" ")}/${width}`);
    expect(new Set(lines).size).toBe(CHORD_STATES.length);
  });
});
