/** Sessions as bars: a row for each pair of hosts, and their lifetimes. */
import type { SessionRows } from "../wasm/ringside_wasm.js";

/** One session of a pair, in ticks. */
export interface Bar {
  from: number;
  to: number;
  isOpen: boolean;
}

/** Two hosts with the sessions between them, the earliest first. */
export interface Pair {
  a: bigint;
  b: bigint;
  bars: Bar[];
}

/** Codes of the rows of the core. */
const DIALLED = 0;
const OPEN = 2;

/** Pairs that have had a session, in ascending order of their ids; each session once, from its dialling end. */
export function pairsOf(rows: SessionRows, now: number): Pair[] {
  const pairs = new Map<string, Pair>();
  rows.host.forEach((host, i) => {
    const peer = rows.peer[i] ?? 0n;
    const from = rows.opened[i] ?? NaN;
    if (rows.direction[i] !== DIALLED || peer === 0n || Number.isNaN(from)) return;
    const [a, b] = host < peer ? [host, peer] : [peer, host];
    const key = `${a}-${b}`;
    const pair = pairs.get(key) ?? { a, b, bars: [] };
    const closed = rows.closed[i] ?? NaN;
    pair.bars.push({ from, to: Number.isNaN(closed) ? now : closed, isOpen: rows.state[i] === OPEN });
    pairs.set(key, pair);
  });
  return [...pairs.values()].sort((x, y) => (x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1));
}

/** One session of a host; its age is the time that it has been or was open, in ticks, and null before it opened. */
export interface HostSession {
  peer: bigint | null;
  direction: "dialled" | "accepted";
  state: (typeof STATES)[number];
  age: number | null;
  generation: number;
  pings: number;
}

/** Names of the states by their codes. */
const STATES = ["connecting", "handshaking", "open", "closing", "ended"] as const;
const ENDED = 4;

/** Sessions of a host: those alive, then those that have ended, the latest first. */
export function sessionsOf(rows: SessionRows, host: bigint, now: number): HostSession[] {
  const indices = [...rows.host.keys()].filter((i) => rows.host[i] === host);
  const isEnded = (i: number): number => Number(rows.state[i] === ENDED);
  indices.sort((i, j) => isEnded(i) - isEnded(j) || (rows.generation[j] ?? 0) - (rows.generation[i] ?? 0));
  return indices.map((i) => {
    const [opened = NaN, closed = NaN] = [rows.opened[i], rows.closed[i]];
    const age = (Number.isNaN(closed) ? now : closed) - opened;
    const peer = rows.peer[i] ?? 0n;
    return {
      peer: peer === 0n ? null : peer,
      direction: rows.direction[i] === DIALLED ? "dialled" : "accepted",
      state: STATES[rows.state[i] ?? ENDED] ?? "ended",
      age: Number.isNaN(age) ? null : Math.max(0, age),
      generation: rows.generation[i] ?? 0,
      pings: rows.pings[i] ?? 0,
    };
  });
}

/** The pairs with the most sessions, in their order, if there are more than can be shown. */
export function busiest(pairs: Pair[], most: number): Pair[] {
  if (pairs.length <= most) return pairs;
  const chosen = new Set([...pairs].sort((x, y) => y.bars.length - x.bars.length).slice(0, most));
  return pairs.filter((pair) => chosen.has(pair));
}

/** Histogram of the lifetimes of sessions that have ended: bins of equal width, in ticks. */
export function lifetimes(rows: SessionRows, bins: number): { width: number; counts: number[] } {
  const ended: number[] = [];
  rows.closed.forEach((closed, i) => {
    const life = closed - (rows.opened[i] ?? NaN);
    if (!Number.isNaN(life)) ended.push(life);
  });
  const width = Math.max(1, Math.ceil((Math.max(0, ...ended) + 1) / bins));
  const counts = new Array<number>(bins).fill(0);
  for (const life of ended) counts[Math.floor(life / width)] = (counts[Math.floor(life / width)] ?? 0) + 1;
  return { width, counts };
}

/** A duration as people say it: 90 s, 3 min, 2 h. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  const [value, unit] = seconds < 180 ? [seconds, "s"] : seconds < 7200 ? [seconds / 60, "min"] : [seconds / 3600, "h"];
  return `${Number(value.toFixed(1))} ${unit}`;
}
