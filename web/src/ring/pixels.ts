/** Density view of very many peers in a pixel buffer: 100,000 peers cost little more than 1,000. */
import { channels, statusColours, type Palette } from "./palette";
import { PEER_STATES, STATUS, type PeerState } from "../protocol/peerStates";
import type { Frame } from "../wasm/ringside_wasm.js";
import type { Scene } from "./scene";
import { sideIndices, sideColour } from "./sides";

/** Number of peers beyond which the density view replaces marks. */
export const CROWD = 5000;
/** Depth of the corona of Connected peers within the rim, as a share of the radius. */
export const DEPTH = 0.24;
/** Distance of each state from the rim outwards in pixels: bands replace shapes. */
const BANDS: Record<PeerState, number> = { alone: 9, identified: 5, pending: 1, connected: -3, crashed: 13, paused: 13 };
/** Distance of the dots that show the sides of partitions from the rim. */
const SIDES = 17;
/** Opacity of the first peer on a pixel, and of each further one, of 255. */
const BASE_ALPHA = 96;
const ADDED_ALPHA = 40;

export class Pixels {
  private image: ImageData | null = null;

  /**
   * Draws every peer as a pixel in its direction: the deeper, the more Connected peers it has; the more
   * opaque, the more peers share the pixel. Adversaries are drawn last and larger.
   */
  draw(ctx: CanvasRenderingContext2D, scene: Scene, dpr: number): void {
    const { width, height } = ctx.canvas;
    const frame = scene.update?.frame;
    if (!frame || width === 0 || height === 0) return;
    if (this.image?.width !== width || this.image.height !== height) this.image = ctx.createImageData(width, height);
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0);
    plotPeers(pixels, width, scene, dpr);
    ctx.putImageData(this.image, 0, 0);
  }
}

export function plotPeers(pixels: Uint32Array, width: number, scene: Scene, dpr: number): void {
  const frame = scene.update?.frame;
  if (!frame) return;
  const { palette } = scene;
  const colours = Uint32Array.from(statusColours(palette), packed);
  const adversary = packed(palette.adversary);
  const side = dpr >= 1.5 ? 2 : 1;
  const plot = (of: "honest" | "adversaries"): void => {
    for (let i = 0; i < frame.status.length; i += 1) {
      const isHonest = frame.behavior[i] === 0;
      if (isHonest !== (of === "honest")) continue;
      const x = Math.floor((scene.x[i] ?? 0) * dpr + 0.5);
      const y = Math.floor((scene.y[i] ?? 0) * dpr + 0.5);
      const colour = isHonest ? (colours[frame.status[i] ?? 0] ?? 0) : adversary;
      square(pixels, y * width + x, width, isHonest ? side : side + 1, colour);
    }
  };
  plot("honest");
  plot("adversaries");
  plotSides(pixels, width, scene, dpr);
}

/** Plots an outermost dot for every peer in the colour of its side. */
function plotSides(pixels: Uint32Array, width: number, scene: Scene, dpr: number): void {
  const side = scene.update?.frame.side ?? new Uint8Array();
  const colours = new Uint32Array(256);
  for (const [number, index] of sideIndices(side)) colours[number] = packed(sideColour(scene.palette, index));
  const { layout, directions } = scene;
  const r = (layout.radius + SIDES) * dpr;
  for (let i = 0; i < side.length; i += 1) {
    const x = Math.round(layout.cx * dpr + r * (directions.x[i] ?? 0));
    const y = Math.round(layout.cy * dpr + r * (directions.y[i] ?? 0));
    square(pixels, y * width + x, width, 2, colours[side[i] ?? 0] ?? 0);
  }
}

/** Distance of each peer of a frame from the centre, at which it is drawn and its messages begin and end. */
export function crowdRadius(frame: Pick<Frame, "status" | "connected">, radius: number): (i: number) => number {
  const radii = radiiOf(radius);
  const depth = depthOf(radius, frame.connected);
  return (i) => {
    const status = frame.status[i] ?? 0;
    // A fixed scatter by index keeps equal peers from covering each other.
    const scatter = (3 / 1024) * (Math.imul(i, 0x9e3779b1) >>> 22);
    const inwards = status === STATUS.connected ? scatter + depth * (frame.connected[i] ?? 0) : scatter;
    return (radii[status] ?? 0) - inwards;
  };
}

/** Radius of the band of each state, by code. */
function radiiOf(radius: number): number[] {
  return PEER_STATES.map(({ name }) => radius + BANDS[name]);
}

/** Pixels inwards per Connected peer, so that the peer with most of them reaches the full depth. */
function depthOf(radius: number, connected: Uint16Array): number {
  let most = 8;
  for (const count of connected) if (count > most) most = count;
  return (radius * DEPTH) / most;
}

/** Fills a square with a colour and adds to its opacity. */
function square(pixels: Uint32Array, corner: number, width: number, side: number, colour: number): void {
  for (let dy = 0; dy < side; dy += 1) {
    for (let at = corner + dy * width; at < corner + dy * width + side; at += 1) {
      const alpha = (pixels[at] ?? 0) >>> 24;
      const next = alpha === 0 ? BASE_ALPHA : Math.min(255, alpha + ADDED_ALPHA);
      pixels[at] = (next << 24) | colour;
    }
  }
}

/**
 * Colour as a little-endian image word without opacity; platforms with WebAssembly are little-endian in
 * practice.
 */
function packed(colour: Palette[keyof Palette]): number {
  const [r, g, b] = channels(colour);
  return (b << 16) | (g << 8) | r;
}
