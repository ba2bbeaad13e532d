/** Very many peers: a picture of density in a buffer of pixels, so that 100,000 cost little more than 1,000. */
import { channels, statusColours, type Palette } from "./palette";
import { STATUS, type Scene } from "./scene";
import { placesOf, sideColour } from "./sides";

/** From this many peers on, marks are pixels. */
export const CROWD = 5000;
/** How deep the corona is that Connected peers make within the rim, as a share of the radius. */
export const DEPTH = 0.24;
/** Where the other states are, in pixels from the rim outwards: they have bands, since shapes no longer show. */
const BANDS = { alone: 9, identified: 5, pending: 1, crashed: 13, paused: 13 } as const;
/** Where the sides of partitions are told. */
const SIDES = 17;
/** How opaque one peer is, and how much each further one adds, of 255. */
const FIRST = 96;
const MORE = 40;

export class Pixels {
  private image: ImageData | null = null;

  /**
   * Every peer is a pixel in its direction. The more Connected peers one has, the deeper within the rim; the more peers share a
   * pixel, the more opaque it is. Adversaries come last and are larger.
   */
  draw(ctx: CanvasRenderingContext2D, scene: Scene, dpr: number): void {
    const { width, height } = ctx.canvas;
    const frame = scene.shot?.frame;
    if (!frame || width === 0 || height === 0) return;
    if (this.image?.width !== width || this.image.height !== height) this.image = ctx.createImageData(width, height);
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0);
    plotPeers(pixels, width, scene, dpr);
    ctx.putImageData(this.image, 0, 0);
  }
}

export function plotPeers(pixels: Uint32Array, width: number, scene: Scene, dpr: number): void {
  const frame = scene.shot?.frame;
  if (!frame) return;
  const { palette, place, directions } = scene;
  const colours = Uint32Array.from(statusColours(palette), packed);
  const adversary = packed(palette.adversary);
  const radii = radiiOf(place.radius);
  const depth = depthOf(place.radius, frame.connected);
  const side = dpr >= 1.5 ? 2 : 1;
  const [cx, cy] = [place.cx * dpr + 0.5, place.cy * dpr + 0.5];
  const plot = (of: "honest" | "adversaries"): void => {
    for (let i = 0; i < frame.status.length; i += 1) {
      const isHonest = frame.conduct[i] === 0;
      if (isHonest !== (of === "honest")) continue;
      const status = frame.status[i] ?? 0;
      // A fixed scatter keeps equal peers from hiding one another.
      const scatter = (3 / 1024) * (Math.imul(i, 0x9e3779b1) >>> 22);
      const inwards = status === STATUS.connected ? scatter + depth * (frame.connected[i] ?? 0) : scatter;
      const r = ((radii[status] ?? 0) - inwards) * dpr;
      const x = Math.floor(cx + r * (directions.x[i] ?? 0));
      const y = Math.floor(cy + r * (directions.y[i] ?? 0));
      const colour = isHonest ? (colours[status] ?? 0) : adversary;
      square(pixels, y * width + x, width, isHonest ? side : side + 1, colour);
    }
  };
  plot("honest");
  plot("adversaries");
  plotSides(pixels, width, scene, dpr);
}

/** Outside everything a dot for every peer, in the colour of its side. */
function plotSides(pixels: Uint32Array, width: number, scene: Scene, dpr: number): void {
  const side = scene.shot?.frame.side ?? new Uint8Array();
  const colours = new Uint32Array(256);
  for (const [number, place] of placesOf(side)) colours[number] = packed(sideColour(scene.palette, place));
  const { place, directions } = scene;
  const r = (place.radius + SIDES) * dpr;
  for (let i = 0; i < side.length; i += 1) {
    const x = Math.round(place.cx * dpr + r * (directions.x[i] ?? 0));
    const y = Math.round(place.cy * dpr + r * (directions.y[i] ?? 0));
    square(pixels, y * width + x, width, 2, colours[side[i] ?? 0] ?? 0);
  }
}

/** The radius of every state's band, in the order of the numbers of states. */
function radiiOf(radius: number): number[] {
  return [BANDS.alone, BANDS.identified, BANDS.pending, -3, BANDS.crashed, BANDS.paused].map((offset) => radius + offset);
}

/** Pixels inwards for every Connected peer: whoever has most is at the bottom of the corona. */
function depthOf(radius: number, connected: Uint16Array): number {
  let most = 8;
  for (const count of connected) if (count > most) most = count;
  return (radius * DEPTH) / most;
}

/** Whoever comes later has the colour; each makes it more opaque. */
function square(pixels: Uint32Array, corner: number, width: number, side: number, colour: number): void {
  for (let dy = 0; dy < side; dy += 1) {
    for (let at = corner + dy * width; at < corner + dy * width + side; at += 1) {
      const alpha = (pixels[at] ?? 0) >>> 24;
      const next = alpha === 0 ? FIRST : Math.min(255, alpha + MORE);
      pixels[at] = (next << 24) | colour;
    }
  }
}

/** As the little-endian words of an image, without opacity: every platform with WebAssembly is one. */
function packed(colour: Palette[keyof Palette]): number {
  const [r, g, b] = channels(colour);
  return (b << 16) | (g << 8) | r;
}
