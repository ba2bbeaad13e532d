/** Recorder of the space-time diagram: a row per position on the ring, a column per one or more rounds. */
import { STATUS } from "../protocol/peerStates";
import type { Frame } from "../wasm/ringside_wasm.js";

export const ROWS = 192;
export const COLUMNS = 480;

/** Values of a cell that are not a number of Connected peers. */
export const UNSEEN = 65535;
export const CRASHED = 65534;
export const LONELY = 65533;
/**
 * Number of values for peers without Connected peers: LONELY for alone, one less for Identified, two less
 * for Pending.
 */
const LONELY_VALUES = 3;

export class Recorder {
  readonly cells = new Uint16Array(ROWS * COLUMNS).fill(UNSEEN);
  /** Rounds per column; doubled when the run exceeds the image. */
  roundsPerColumn = 1;
  /** Index of the last written column, -1 if there is none. */
  last = -1;
  /** Number of columns of the experiment at the present scale. */
  width = COLUMNS;
  /** Maximum number of Connected peers in the image. */
  most = 1;

  begin(rounds: number): void {
    this.cells.fill(UNSEEN);
    this.roundsPerColumn = Math.max(1, Math.ceil((rounds + 1) / COLUMNS));
    this.last = -1;
    this.most = 1;
    this.width = Math.min(COLUMNS, Math.max(1, Math.ceil((rounds + 1) / this.roundsPerColumn)));
  }

  /** Writes the column of a frame, and repeats it in the columns that were skipped. */
  record(frame: Pick<Frame, "position" | "status" | "connected">, round: number): void {
    while (Math.floor(round / this.roundsPerColumn) >= COLUMNS) this.halve();
    const column = Math.floor(round / this.roundsPerColumn);
    const values = this.slice(frame);
    for (let at = Math.min(this.last + 1, column); at <= column; at += 1) {
      for (let row = 0; row < ROWS; row += 1) this.cells[row * COLUMNS + at] = values[row] ?? UNSEEN;
    }
    this.last = Math.max(this.last, column);
    this.width = Math.max(this.width, this.last + 1);
  }

  /** Values by row: the nearest peer, or the mean of the peers in the row. */
  private slice(frame: Pick<Frame, "position" | "status" | "connected">): Uint16Array {
    const values = new Uint16Array(ROWS).fill(UNSEEN);
    const n = frame.position.length;
    if (n === 0) return values;
    let peer = 0;
    for (let row = 0; row < ROWS; row += 1) {
      const end = (row + 1) / ROWS;
      const first = peer;
      while (peer < n && (frame.position[peer] ?? 1) < end) peer += 1;
      values[row] = peer > first ? mean(frame, first, peer) : valueOf(frame, nearestTo(frame.position, (row + 0.5) / ROWS, peer));
      const value = values[row] ?? 0;
      if (value < LONELY - LONELY_VALUES && value > this.most) this.most = value;
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

/** Nearer of the two peers around a row without peers; `after` is the first beyond it. */
function nearestTo(positions: Float32Array, position: number, after: number): number {
  const n = positions.length;
  const next = after % n;
  const before = (after + n - 1) % n;
  const gap = (a: number): number => {
    const d = Math.abs((positions[a] ?? 0) - position);
    return Math.min(d, 1 - d);
  };
  return gap(before) <= gap(next) ? before : next;
}

function valueOf(frame: Pick<Frame, "status" | "connected">, i: number): number {
  const status = frame.status[i] ?? 0;
  if (status === STATUS.crashed) return CRASHED;
  const connected = frame.connected[i] ?? 0;
  return connected > 0 ? connected : LONELY - Math.min(LONELY_VALUES - 1, status);
}

function mean(frame: Pick<Frame, "status" | "connected">, from: number, to: number): number {
  let sum = 0;
  let alive = 0;
  for (let i = from; i < to; i += 1) {
    if (frame.status[i] === STATUS.crashed) continue;
    sum += frame.connected[i] ?? 0;
    alive += 1;
  }
  if (alive === 0) return CRASHED;
  return sum > 0 ? Math.max(1, Math.round(sum / alive)) : valueOf(frame, from);
}
