/** Scene of the ring: everything that a drawing depends on. */
import type { FrameUpdate } from "../worker/workerMessages";
import { angleOf, fit, type RingLayout } from "./geometry";
import type { Palette } from "./palette";
import { CROWD, crowdRadius } from "./pixels";

/** Arc of the ring, clockwise, between two positions. */
export interface Arc {
  from: number;
  to: number;
}

export interface Scene {
  layout: RingLayout;
  palette: Palette;
  update: FrameUpdate | null;
  /** Unit vectors of the peers from the centre. They change only when peers join or leave. */
  directions: { positions: Float32Array; x: Float32Array; y: Float32Array };
  /** Coordinates of the peers in CSS pixels. */
  x: Float32Array;
  y: Float32Array;
  /** Indices of peers in the frame, -1 if there is none. */
  selected: number;
  cursor: number;
  hover: number;
  /** Indices of marked peers. */
  marked: number[];
  /** Partition that is being set up. */
  preview: Arc | null;
  ticksPerRound: number;
  rounds: number;
  /** Whether motion is off. */
  still: boolean;
}

export function emptyScene(palette: Palette): Scene {
  return {
    layout: fit(0, 0),
    palette,
    update: null,
    directions: directionsOf(new Float32Array()),
    x: new Float32Array(),
    y: new Float32Array(),
    selected: -1,
    cursor: -1,
    hover: -1,
    marked: [],
    preview: null,
    ticksPerRound: 1,
    rounds: 0,
    still: false,
  };
}

/**
 * Lays out the peers: once a frame or a size, not once a drawing. Those of the density view get the coordinates
 * at which it draws them, so that their messages begin and end there.
 */
export function layoutPeers(scene: Scene, isCrowd = (scene.update?.frame.position.length ?? 0) > CROWD): void {
  const positions = scene.update?.frame.position ?? new Float32Array();
  const { cx, cy, radius } = scene.layout;
  if (!areSame(scene.directions.positions, positions)) {
    scene.directions = directionsOf(positions);
    scene.x = new Float32Array(positions.length);
    scene.y = new Float32Array(positions.length);
  }
  const { x, y } = scene.directions;
  const frame = scene.update?.frame;
  const radiusOf = frame && isCrowd ? crowdRadius(frame, radius) : () => radius;
  for (let i = 0; i < positions.length; i += 1) {
    const r = radiusOf(i);
    scene.x[i] = cx + r * (x[i] ?? 0);
    scene.y[i] = cy + r * (y[i] ?? 0);
  }
}

function directionsOf(positions: Float32Array): Scene["directions"] {
  return { positions, x: positions.map((position) => Math.cos(angleOf(position))), y: positions.map((position) => Math.sin(angleOf(position))) };
}

function areSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((position, i) => position === b[i]);
}
