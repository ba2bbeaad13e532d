/** Chains that fork, as lanes: hosts on each over time, where it has begun, and hosts that go over to another. */
import { count, plural } from "../ui/format";
import type { ForkRows } from "../wasm/ringside_wasm.js";

/** Hosts on a lane between two ticks. */
export interface Stretch {
  from: number;
  to: number;
  hosts: number;
}

/** One branch. */
export interface Lane {
  /** Number of the branch, from 1. */
  name: number;
  /** Lane from which it has forked, and the height of the last common block; null for the first blocks. */
  fork: { name: number; height: number } | null;
  begin: number;
  height: number;
  stretches: Stretch[];
  /** Hosts that are on it now. */
  hosts: number;
}

/** Hosts that have gone over from one lane to another at one time. */
export interface Move {
  tick: number;
  from: number;
  to: number;
  hosts: number;
  /** Blocks that the deepest of them has replaced. */
  depth: number;
}

/** Lanes in the order in which they were first seen. */
export function lanesOf(rows: ForkRows, now: number): Lane[] {
  const lanes = Array.from(rows.parent, (parent, i): Lane => ({
    name: i + 1,
    fork: Number.isNaN(parent) ? null : { name: parent + 1, height: rows.forkedAt[i] ?? 0 },
    begin: rows.begin[i] ?? 0,
    height: rows.height[i] ?? 0,
    stretches: [],
    hosts: 0,
  }));
  rows.branch.forEach((branch, i) => {
    const [lane, from, hosts] = [lanes[branch], rows.tick[i] ?? 0, rows.hosts[i] ?? 0];
    if (!lane) return;
    const last = lane.stretches.at(-1);
    if (last?.to === now) last.to = from;
    lane.hosts = hosts;
    if (hosts > 0) lane.stretches.push({ from, to: now, hosts });
  });
  return lanes;
}

/** Lanes that are shown: the first ones with hosts now, else the latest ones, in their order. */
export function shownOf(lanes: Lane[], most: number): Lane[] {
  if (lanes.length <= most) return lanes;
  const byUse = [...lanes].sort((one, other) => Number(other.hosts > 0) - Number(one.hosts > 0) || other.begin - one.begin);
  const chosen = new Set(byUse.slice(0, most));
  return lanes.filter((lane) => chosen.has(lane));
}

/** Moves in order of time: one for all hosts that go the same way in one round. */
export function movesOf(rows: ForkRows): Move[] {
  const moves: Move[] = [];
  rows.replacedTick.forEach((tick, i) => {
    const [from, to, depth] = [(rows.replacedFrom[i] ?? 0) + 1, (rows.replacedTo[i] ?? 0) + 1, rows.replacedDepth[i] ?? 0];
    const same = moves.find((move) => move.tick === tick && move.from === from && move.to === to);
    if (same) {
      same.hosts += 1;
      same.depth = Math.max(same.depth, depth);
    } else {
      moves.push({ tick, from, to, hosts: 1, depth });
    }
  });
  return moves;
}

/** One sentence about the chains. */
export function sentenceOf(lanes: Lane[], moves: Move[]): string {
  if (lanes.length === 1) return "No chain has forked so far.";
  const used = lanes.filter(({ hosts }) => hosts > 0);
  const now = used.length === 1
    ? `All ${plural(used[0]?.hosts ?? 0, "host")} are on chain ${used[0]?.name}.`
    : `Hosts are on ${used.length} chains: ${used.map(({ name, hosts }) => `${count(hosts)} on chain ${name}`).join(", ")}.`;
  if (moves.length === 0) return `${now} No host has gone over to another chain.`;
  const gone = moves.reduce((sum, { hosts }) => sum + hosts, 0);
  const deepest = Math.max(...moves.map(({ depth }) => depth));
  return `${now} ${plural(gone, "time")} a host has gone over to another chain, and replaced ${plural(deepest, "block")} at most.`;
}

/** Text of a lane, for a list. */
export function laneText({ name, fork, height, hosts }: Lane): string {
  const begin = fork ? `forked from chain ${fork.name} above block ${count(fork.height)}` : "begins with the genesis block";
  return `Chain ${name} ${begin}, ends with block ${count(height)}, and has ${plural(hosts, "host")}`;
}
