/** All that one picture is drawn from. */
import type { Shot } from "../worker/protocol";
import { angleOf, fit, type Place } from "./geometry";
import type { Palette } from "./palette";

/** Status values of a frame. */
export const STATUS = { alone: 0, identified: 1, pending: 2, connected: 3, crashed: 4, paused: 5 } as const;
/** Message kinds of a frame, in their order. */
export const KINDS = ["query", "answer", "invitation", "referral", "goodbye"] as const;

export interface Arc {
  from: number;
  to: number;
}

export interface Scene {
  place: Place;
  palette: Palette;
  shot: Shot | null;
  /** The directions of the peers of the shot from the centre: they change only when peers come or go for good. */
  directions: { turns: Float32Array; x: Float32Array; y: Float32Array };
  /** Where the peers of the shot are, in CSS pixels. */
  x: Float32Array;
  y: Float32Array;
  /** Indices of the shot, or -1. */
  selected: number;
  cursor: number;
  hover: number;
  /** Peers that something is said about. */
  marked: number[];
  /** A cut that is only being considered. */
  preview: Arc | null;
  ticksPerRound: number;
  rounds: number;
  still: boolean;
}

export function emptyScene(palette: Palette): Scene {
  return {
    place: fit(0, 0),
    palette,
    shot: null,
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

/** Place the peers: once a frame or a size, not once a drawing. */
export function placePeers(scene: Scene): void {
  const turns = scene.shot?.frame.turn ?? new Float32Array();
  const { cx, cy, radius } = scene.place;
  if (!areSame(scene.directions.turns, turns)) {
    scene.directions = directionsOf(turns);
    scene.x = new Float32Array(turns.length);
    scene.y = new Float32Array(turns.length);
  }
  const { x, y } = scene.directions;
  for (let i = 0; i < turns.length; i += 1) {
    scene.x[i] = cx + radius * (x[i] ?? 0);
    scene.y[i] = cy + radius * (y[i] ?? 0);
  }
}

function directionsOf(turns: Float32Array): Scene["directions"] {
  return { turns, x: turns.map((turn) => Math.cos(angleOf(turn))), y: turns.map((turn) => Math.sin(angleOf(turn))) };
}

function areSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((turn, i) => turn === b[i]);
}
