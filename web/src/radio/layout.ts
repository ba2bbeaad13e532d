/** Geometry of the radio map and of the ledger strip. */
import type { RadioMap } from "../wasm/ringside_wasm.js";

/** Milliseconds of a sliding hour. */
export const HOUR_MS = 3_600_000;

/** A host on the map, in CSS pixels. */
export interface Node {
  host: bigint;
  x: number;
  y: number;
  isGateway: boolean;
  /** Share of its duty cycle in the last hour. */
  duty: number;
  /** Number of transmissions that reach it now. */
  heard: number;
  isSending: boolean;
}

/** Hosts of a map on a square canvas of a size, with a margin. */
export function nodesOf(map: RadioMap, size: number, margin: number): Node[] {
  const senders = new Set(map.sender);
  const at = (metres: number): number => margin + (metres / Math.max(1, map.areaM)) * (size - 2 * margin);
  return Array.from(map.host, (host, index) => ({
    host,
    x: at(map.x[index] ?? 0),
    y: at(map.y[index] ?? 0),
    isGateway: map.gateway[index] === 1,
    duty: map.duty[index] ?? 0,
    heard: map.heard[index] ?? 0,
    isSending: senders.has(host),
  }));
}

/** The host nearest to a point, if one is within a distance. */
export function nearest(nodes: Node[], x: number, y: number, within: number): Node | null {
  let found: Node | null = null;
  let least = within * within;
  for (const node of nodes) {
    const distance = (node.x - x) ** 2 + (node.y - y) ** 2;
    if (distance <= least) [found, least] = [node, distance];
  }
  return found;
}

/** A transmission in the strip, as shares of the hour from the left, where the hour begins. */
export interface Bar { from: number; to: number }

/** Transmissions of the chosen host within the last hour. */
export function barsOf(map: RadioMap): Bar[] {
  const bars = Array.from(map.ledgerAgeMs, (age, index) => {
    const end = HOUR_MS - age;
    return { from: Math.max(0, end - (map.ledgerMs[index] ?? 0)) / HOUR_MS, to: end / HOUR_MS };
  });
  return bars.filter(({ to }) => to > 0);
}

/** Milliseconds that the chosen host has transmitted in the last hour. */
export const usedMs = (map: RadioMap): number => barsOf(map).reduce((sum, { from, to }) => sum + (to - from), 0) * HOUR_MS;
