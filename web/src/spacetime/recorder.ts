/** The whole ring over time as one image: a row for a place on the ring, a column for some rounds. */
import type { Frame } from "../wasm/ringside_wasm.js";

export const ROWS = 192;
export const COLUMNS = 480;

/** Values of a cell beside a number of Connected peers. */
export const UNSEEN = 65535;
export const CRASHED = 65534;
export const LONELY = 65533;
/** Lonely cells by the furthest a peer has come: LONELY for alone, then Identified, then Pending. */
const FURTHEST = 3;

export class Recorder {
  readonly cells = new Uint16Array(ROWS * COLUMNS).fill(UNSEEN);
  /** Rounds in a column: doubled when the run outgrows the image. */
  roundsPerColumn = 1;
  /** The last column that was written, or -1. */
  last = -1;
  /** Columns that the experiment needs at the present scale. */
  width = COLUMNS;
  /** The largest number of Connected peers in the image. */
  most = 1;

  begin(rounds: number): void {
    this.cells.fill(UNSEEN);
    this.roundsPerColumn = Math.max(1, Math.ceil((rounds + 1) / COLUMNS));
    this.last = -1;
    this.most = 1;
    this.width = Math.min(COLUMNS, Math.max(1, Math.ceil((rounds + 1) / this.roundsPerColumn)));
  }

  /** Write the column of a moment; columns that were passed unseen repeat it. */
  record(frame: Pick<Frame, "turn" | "status" | "connected">, round: number): void {
    while (Math.floor(round / this.roundsPerColumn) >= COLUMNS) this.halve();
    const column = Math.floor(round / this.roundsPerColumn);
    const values = this.slice(frame);
    for (let at = Math.min(this.last + 1, column); at <= column; at += 1) {
      for (let row = 0; row < ROWS; row += 1) this.cells[row * COLUMNS + at] = values[row] ?? UNSEEN;
    }
    this.last = Math.max(this.last, column);
    this.width = Math.max(this.width, this.last + 1);
  }

  /** One value a row: that of the nearest peer, or the mean where several share a row. */
  private slice(frame: Pick<Frame, "turn" | "status" | "connected">): Uint16Array {
    const values = new Uint16Array(ROWS).fill(UNSEEN);
    const n = frame.turn.length;
    if (n === 0) return values;
    let peer = 0;
    for (let row = 0; row < ROWS; row += 1) {
      const end = (row + 1) / ROWS;
      const first = peer;
      while (peer < n && (frame.turn[peer] ?? 1) < end) peer += 1;
      values[row] = peer > first ? mean(frame, first, peer) : valueOf(frame, nearestTo(frame.turn, (row + 0.5) / ROWS, peer));
      const value = values[row] ?? 0;
      if (value < LONELY - FURTHEST && value > this.most) this.most = value;
    }
    return values;
  }

  private halve(): void {
    for (let row = 0; row < ROWS; row += 1) {
      const start = row * COLUMNS;
      for (let at = 0; at < COLUMNS; at += 1) {
        this.cells[start + at] = at < COLUMNS / 2 ? (this.cells[start + at * 2] ?? UNSEEN) : UNSEEN;
      }
    }
    this.roundsPerColumn *= 2;
    this.last = Math.floor(this.last / 2);
  }
}

/** Of the two peers around a row without any, `after` being the first beyond it. */
function nearestTo(turns: Float32Array, turn: number, after: number): number {
  const n = turns.length;
  const next = after % n;
  const before = (after + n - 1) % n;
  const gap = (a: number): number => {
    const d = Math.abs((turns[a] ?? 0) - turn);
    return Math.min(d, 1 - d);
  };
  return gap(before) <= gap(next) ? before : next;
}

function valueOf(frame: Pick<Frame, "status" | "connected">, i: number): number {
  const status = frame.status[i] ?? 0;
  if (status === 4) return CRASHED;
  const connected = frame.connected[i] ?? 0;
  return connected > 0 ? connected : LONELY - Math.min(2, status);
}

function mean(frame: Pick<Frame, "status" | "connected">, from: number, to: number): number {
  let sum = 0;
  let alive = 0;
  for (let i = from; i < to; i += 1) {
    if (frame.status[i] === 4) continue;
    sum += frame.connected[i] ?? 0;
    alive += 1;
  }
  if (alive === 0) return CRASHED;
  return sum > 0 ? Math.max(1, Math.round(sum / alive)) : valueOf(frame, from);
}
