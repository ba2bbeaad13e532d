/** All that one picture is drawn from. */
import type { Shot } from "../worker/protocol";
import { fit, pointAt, type Place } from "./geometry";
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
  if (scene.x.length !== turns.length) {
    scene.x = new Float32Array(turns.length);
    scene.y = new Float32Array(turns.length);
  }
  for (let i = 0; i < turns.length; i += 1) {
    const point = pointAt(scene.place, turns[i] ?? 0);
    scene.x[i] = point.x;
    scene.y[i] = point.y;
  }
}
