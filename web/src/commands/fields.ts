/** Fields of command forms. */
import type { Behavior, KnobValue } from "../wasm/ringside_wasm.js";

export type FieldKind =
  | { type: "count"; min: number; max: number }
  | { type: "share" }
  /** Id of a peer, or a position on the ring. With `follows` it is the selected peer until it is edited. */
  | { type: "id"; follows: boolean }
  | { type: "choice"; options: readonly string[] }
  | { type: "behavior" };

export interface Field {
  label: string;
  kind: FieldKind;
  initial: KnobValue;
  unit?: string;
}

export const count = (label: string, initial: number, min: number, max: number, unit = ""): Field =>
  ({ label, initial, unit, kind: { type: "count", min, max } });
export const share = (label: string, initial: number): Field => ({ label, initial, kind: { type: "share" } });
export const id = (label: string, follows = true, initial = ""): Field => ({ label, initial, kind: { type: "id", follows } });
export const behavior = (initial: Behavior): Field => ({ label: "behavior", initial, kind: { type: "behavior" } });
export const choice = (label: string, options: readonly [string, ...string[]], initial = options[0]): Field =>
  ({ label, initial, kind: { type: "choice", options } });
