/** Very many peers: a buffer of pixels instead of paths, so that 100,000 cost no more than 1,000. */
import { channels, statusColours } from "./palette";
import { angleOf } from "./geometry";
import type { Scene } from "./scene";

/** From this many peers on, marks are pixels. */
export const CROWD = 5000;

/** Each state has its own band across the rim (alone outermost, Connected innermost), since shapes no longer show. */
export function drawPixels(ctx: CanvasRenderingContext2D, scene: Scene, dpr: number): void {
  const frame = scene.shot?.frame;
  if (!frame) return;
  const width = ctx.canvas.width;
  const height = ctx.canvas.height;
  if (width === 0 || height === 0) return;
  // The layer is empty: a fresh buffer spares reading the old one back.
  const image = ctx.createImageData(width, height);
  const data = image.data;
  const { palette, place } = scene;
  const colours = statusColours(palette).map(channels);
  const bands = [8, 5, 0, -7, 11, 11].map((offset) => (place.radius + offset) * dpr);
  const adversary = channels(palette.adversary);
  const side = dpr >= 1.5 ? 2 : 1;
  for (let i = 0; i < frame.turn.length; i += 1) {
    const status = frame.status[i] ?? 0;
    const angle = angleOf(frame.turn[i] ?? 0);
    // Spread a band by the number of Connected peers and a fixed scatter, so that density can be seen.
    const scatter = ((i * 2654435761) % 1024) / 1024;
    const r = (bands[status] ?? 0) - (Math.min(40, frame.connected[i] ?? 0) * 0.22 + scatter * 4) * dpr;
    const x = Math.round(place.cx * dpr + r * Math.cos(angle));
    const y = Math.round(place.cy * dpr + r * Math.sin(angle));
    const isHonest = frame.conduct[i] === 0;
    // An adversary is larger too: in a crowd colour alone would be lost.
    plot(data, width, x, y, isHonest ? side : side + 1, isHonest ? (colours[status] ?? [0, 0, 0]) : adversary);
  }
  ctx.putImageData(image, 0, 0);
}

function plot(data: Uint8ClampedArray, width: number, x: number, y: number, side: number, rgb: readonly number[]): void {
  for (let dy = 0; dy < side; dy += 1) {
    for (let dx = 0; dx < side; dx += 1) {
      const at = ((y + dy) * width + x + dx) * 4;
      data[at] = rgb[0] ?? 0;
      data[at + 1] = rgb[1] ?? 0;
      data[at + 2] = rgb[2] ?? 0;
      data[at + 3] = 255;
    }
  }
}
