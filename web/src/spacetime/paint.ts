/** Painting of the space-time diagram. */
import { withAlpha } from "../charts/plot";
import { channels, type Palette } from "../ring/palette";
import type { RingHistory } from "../wasm/ringside_wasm.js";
import { CELL, columnsOf, mostOf } from "./diagram";

type Rgb = readonly [number, number, number];

/**
 * Paints the cells: a scale of one hue for the number of Connected peers, and a colour for every other
 * state. The canvas has the rows of the diagram, and its columns from the left.
 */
export function paint(ctx: CanvasRenderingContext2D, diagram: RingHistory, palette: Palette): void {
  const { rows, cells } = diagram;
  const columns = columnsOf(diagram);
  if (columns === 0) return;
  const image = ctx.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colourOf = colours(palette, mostOf(diagram));
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) pixels[row * columns + column] = colourOf(cells[column * rows + row] ?? CELL.noPeer);
  }
  ctx.putImageData(image, 0, 0);
}

/** Colours of the values of cells. */
function colours(palette: Palette, most: number): (cell: number) => number {
  const panel = channels(palette.panel);
  const connected = channels(palette.connected);
  const others = new Map<number, number>([
    [CELL.noPeer, 0],
    [CELL.crashed, pack(channels(palette.crashed))],
    [CELL.alone, pack(blend(panel, channels(palette.alone), 0.15))],
    [CELL.identified, pack(blend(panel, channels(palette.identified), 0.4))],
    [CELL.pending, pack(blend(panel, channels(palette.pending), 0.45))],
  ]);
  const scale = Array.from({ length: most + 1 }, (_, count) => pack(blend(panel, connected, 0.16 + 0.84 * (count / most))));
  return (cell) => scale[cell] ?? others.get(cell) ?? 0;
}

/** Paints thin lines at the rounds of commands. */
export function paintMarks(ctx: CanvasRenderingContext2D, diagram: RingHistory, rounds: number[], palette: Palette): void {
  ctx.fillStyle = withAlpha(palette.ink, 0.55);
  for (const round of rounds) ctx.fillRect(Math.floor(round / diagram.roundsPerColumn), 0, 1, diagram.rows);
}

function blend(a: Rgb, b: Rgb, f: number): Rgb {
  return [0, 1, 2].map((i) => Math.round((a[i] ?? 0) + ((b[i] ?? 0) - (a[i] ?? 0)) * f)) as unknown as Rgb;
}

/** Colour as a little-endian image word; platforms with WebAssembly are little-endian in practice. */
function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
