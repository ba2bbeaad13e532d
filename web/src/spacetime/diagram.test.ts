import { describe, expect, it } from "vitest";
import { CELL, columnsOf, mostOf, widthOf } from "./diagram";

const diagram = (cells: number[], roundsPerColumn = 1) => ({ rows: 2, roundsPerColumn, cells: Uint16Array.from(cells) });

describe("the space-time diagram", () => {
  it("has room for the whole experiment, and for what lies beyond", () => {
    const two = diagram([1, 2, 3, 4]);
    expect(columnsOf(two)).toBe(2);
    expect(widthOf(two, 200)).toBe(201);
    expect(widthOf(two, 0)).toBe(2);
    expect(widthOf(diagram([1, 2], 8), 2000)).toBe(251);
  });

  it("scales colours by numbers of Connected peers alone", () => {
    expect(mostOf(diagram([CELL.crashed, CELL.pending, 7, CELL.noPeer]))).toBe(7);
    expect(mostOf(diagram([CELL.alone, CELL.identified]))).toBe(1);
  });
});
