import { describe, expect, it } from "vitest";
import { COLUMNS, CRASHED, LONELY, Recorder, ROWS, UNSEEN } from "./recorder";

const frame = (peers: [position: number, status: number, connected: number][]) => ({
  position: Float32Array.from(peers, ([position]) => position),
  status: Uint8Array.from(peers, ([, status]) => status),
  connected: Uint16Array.from(peers, ([, , connected]) => connected),
});

describe("the space-time diagram", () => {
  const cell = (recorder: Recorder, position: number, column: number): number | undefined =>
    recorder.cells[Math.floor(position * ROWS) * COLUMNS + column];

  it("gives every position the value of its nearest peer, across the top too", () => {
    const recorder = new Recorder();
    recorder.begin(100);
    recorder.record(frame([[0.1, 3, 5], [0.5, 4, 0], [0.9, 1, 0]]), 0);
    expect(cell(recorder, 0.2, 0)).toBe(5);
    expect(cell(recorder, 0.45, 0)).toBe(CRASHED);
    expect(cell(recorder, 0.98, 0)).toBe(LONELY - 1);
    expect(cell(recorder, 0.02, 0)).toBe(5);
    expect(recorder.most).toBe(5);
  });

  it("takes the mean if peers share a row", () => {
    const recorder = new Recorder();
    recorder.begin(100);
    recorder.record(frame([[0.5, 3, 2], [0.501, 3, 4], [0.502, 4, 0]]), 0);
    expect(cell(recorder, 0.5, 0)).toBe(3);
  });

  it("fills skipped columns, and leaves the future empty", () => {
    const recorder = new Recorder();
    recorder.begin(100);
    recorder.record(frame([[0.5, 3, 1]]), 0);
    recorder.record(frame([[0.5, 3, 7]]), 4);
    expect([0, 1, 4, 5].map((column) => cell(recorder, 0.5, column))).toEqual([1, 7, 7, UNSEEN]);
  });

  it("doubles its scale when a run exceeds it", () => {
    const recorder = new Recorder();
    recorder.begin(COLUMNS - 1);
    expect(recorder.width).toBe(COLUMNS);
    for (let round = 0; round < COLUMNS; round += 1) recorder.record(frame([[0.5, 3, round + 1]]), round);
    recorder.record(frame([[0.5, 3, 9]]), COLUMNS);
    expect(recorder.roundsPerColumn).toBe(2);
    expect(cell(recorder, 0.5, 10)).toBe(21);
    expect(cell(recorder, 0.5, COLUMNS / 2)).toBe(9);
  });
});
