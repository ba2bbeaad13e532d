/** Painting of the space-time diagram. */
import { withAlpha } from "../charts/plot";
import { channels, type Palette } from "../ring/palette";
import { COLUMNS, CRASHED, LONELY, ROWS, UNSEEN, type Recorder } from "./recorder";

type Rgb = readonly [number, number, number];

/**
 * Paints the cells: a scale of one hue for the number of Connected peers, and a colour for every other
 * state.
 */
export function paint(ctx: CanvasRenderingContext2D, recorder: Recorder, palette: Palette): void {
  const image = ctx.createImageData(COLUMNS, ROWS);
  const pixels = new Uint32Array(image.data.buffer);
  const panel = channels(palette.panel);
  const connected = channels(palette.connected);
  const pending = pack(blend(panel, channels(palette.pending), 0.45));
  const identified = pack(blend(panel, channels(palette.identified), 0.4));
  const alone = pack(blend(panel, channels(palette.alone), 0.15));
  const crashed = pack(channels(palette.crashed));
  const scale = Array.from({ length: recorder.most + 1 }, (_, count) =>
    pack(blend(panel, connected, 0.16 + 0.84 * (count / recorder.most))),
  );
  for (let i = 0; i < pixels.length; i += 1) {
    const value = recorder.cells[i] ?? UNSEEN;
    if (value === UNSEEN) continue;
    if (value === CRASHED) pixels[i] = crashed;
    else if (value === LONELY) pixels[i] = alone;
    else if (value === LONELY - 1) pixels[i] = identified;
    else if (value === LONELY - 2) pixels[i] = pending;
    else pixels[i] = scale[Math.min(value, recorder.most)] ?? 0;
  }
  ctx.putImageData(image, 0, 0);
}

/** Paints thin lines at the rounds of commands. */
export function paintMarks(ctx: CanvasRenderingContext2D, recorder: Recorder, rounds: number[], palette: Palette): void {
  ctx.fillStyle = withAlpha(palette.ink, 0.55);
  for (const round of rounds) ctx.fillRect(Math.floor(round / recorder.roundsPerColumn), 0, 1, ROWS);
}

function blend(a: Rgb, b: Rgb, f: number): Rgb {
  return [0, 1, 2].map((i) => Math.round((a[i] ?? 0) + ((b[i] ?? 0) - (a[i] ?? 0)) * f)) as unknown as Rgb;
}

/** Colour as a little-endian image word; platforms with WebAssembly are little-endian in practice. */
function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
