/** What looks at a host tell about one of its peers and about its bans. Times are in ms by its clock. */
import { shortHex } from "../ring/ids";
import { plural } from "../ui/format";
import type { LinkEnd, Offender, PoolPeer, PoolView, ScorePoint } from "../wasm/ringside_wasm.js";

export interface Moment { ms: number; peer: PoolPeer }

/** Moments at which a host knew a peer. */
export function momentsOf(views: readonly PoolView[], id: string): Moment[] {
  return views.flatMap(({ now_ms, peers }) => {
    const peer = peers.find((one) => one.peer === id);
    return peer ? [{ ms: now_ms, peer }] : [];
  });
}

export type Standing = "outbound" | "inbound" | "dialing" | "idle" | "banned";

/** Times at which a peer had one standing. */
export interface Stretch { standing: Standing; from: number; to: number }

const standingOf = ({ is_banned, link }: PoolPeer): Standing => (is_banned && (link === "idle" || link === "dialing") ? "banned" : link);

/** Stretches of equal standing; each moment lasts up to the next one. */
export function stretchesOf(moments: readonly Moment[]): Stretch[] {
  const stretches: Stretch[] = [];
  moments.forEach(({ ms, peer }, index) => {
    const standing = standingOf(peer);
    const to = moments[index + 1]?.ms ?? ms;
    const last = stretches.at(-1);
    if (last?.standing === standing) last.to = to;
    else stretches.push({ standing, from: ms, to });
  });
  return stretches;
}

export interface Incident { ms: number; text: string }

export const points = (score: number): string => (score / 100).toFixed(1);

/** Why a connection has ended, in words. */
export function endText(end: LinkEnd): string {
  switch (end.why) {
    case "by-peer":
      return "ended by the peer";
    case "idle":
      return "ended for lack of activity";
    case "unanswered":
      return "ended: pings without an answer";
    case "banned":
      return "ended by a ban";
    case "replaced": {
      const by = end.by === null ? "a peer that has left" : shortHex(end.by);
      return `replaced by ${by}: ${points(end.newcomer)} points against ${points(end.worst)}`;
    }
  }
}

/**
 * Beginnings and ends of connections and bans, in order of time. Beginnings are those of the looks, ends those
 * that the host noted.
 */
export function incidentsOf(moments: readonly Moment[]): Incident[] {
  const found: Incident[] = [];
  const isOpen = ({ link }: PoolPeer): boolean => link === "outbound" || link === "inbound";
  moments.forEach(({ ms, peer }, index) => {
    const before = moments[index - 1]?.peer;
    const { ended } = peer;
    if (ended && ended.at_ms !== before?.ended?.at_ms) found.push({ ms: ended.at_ms, text: endText(ended) });
    if (isOpen(peer) && !(before && isOpen(before))) found.push({ ms, text: peer.link === "outbound" ? "connected: the host dialled" : "connected: the peer dialled" });
    if (peer.is_banned && !before?.is_banned) found.push({ ms, text: "banned" });
    if (before?.is_banned && !peer.is_banned) found.push({ ms, text: "ban lifted" });
  });
  return found.sort((one, other) => one.ms - other.ms);
}

/** Bans of a peer, and the times of its misbehaviour. */
export interface BanRow {
  peer: string;
  bans: { from: number; to: number; isPermanent: boolean }[];
  incidents: { ms: number; kind: string }[];
  /** Bans that the host has counted. */
  count: number;
}

/** Bans and misbehaviour at a host by peer: those with most bans first, then those with most incidents. */
export function banRows(views: readonly PoolView[]): BanRow[] {
  const rows = new Map<string, BanRow>();
  for (const { now_ms, offenders } of views) for (const one of offenders) note(rows, one, now_ms);
  return [...rows.values()].sort((one, other) => other.bans.length - one.bans.length || other.incidents.length - one.incidents.length);
}

function note(rows: Map<string, BanRow>, one: Offender, now: number): void {
  if (one.peer === null) return;
  const row = rows.get(one.peer) ?? { peer: one.peer, bans: [], incidents: [], count: 0 };
  rows.set(one.peer, row);
  row.count = Math.max(row.count, one.bans);
  for (const [kind, ms] of one.incidents) {
    if (ms > (row.incidents.at(-1)?.ms ?? -1)) row.incidents.push({ ms, kind });
  }
  if (!one.is_banned) return;
  const isPermanent = one.until_ms === null;
  const last = row.bans.at(-1);
  // A ban begins with the incident that made it.
  if (last && (isPermanent ? last.isPermanent : last.to === one.until_ms)) {
    if (isPermanent) last.to = now;
    return;
  }
  row.bans.push({ from: row.incidents.at(-1)?.ms ?? now, to: one.until_ms ?? now, isPermanent });
}

/** Peers with a story first: banned, replaced, otherwise ended, then the others by score. */
export function ordered({ peers }: PoolView): { id: string; what: string }[] {
  const weight = { banned: 4, replaced: 3, unanswered: 2, idle: 1, "by-peer": 1 };
  const known = peers.flatMap((peer) => (peer.peer === null ? [] : [{ ...peer, id: peer.peer }]));
  const rank = (peer: PoolPeer): number => (peer.is_banned ? 5 : peer.ended ? weight[peer.ended.why] : 0);
  known.sort((one, other) => rank(other) - rank(one) || other.score - one.score);
  return known.map((peer) => ({ id: peer.id, what: peer.is_banned ? "banned" : peer.ended ? peer.ended.why.replace("-", " ") : `${points(peer.score)} points` }));
}

/** History of a score within the last 24 h, as the host remembers it. Times are in ms. */
export interface ScoreCurve {
  peer: string;
  points: ScorePoint[];
  least: number;
  greatest: number;
  /** Changes by more than a point. */
  changes: number;
  bans: number[];
  replacements: number[];
}

export function curveOf({ peer, history }: PoolPeer): ScoreCurve | null {
  if (peer === null || history.length === 0) return null;
  const scores = history.map(([, score]) => score);
  const times = (wanted: ScorePoint[2]): number[] => history.filter(([, , kind]) => kind === wanted).map(([at]) => at);
  return {
    peer, points: history, least: Math.min(...scores), greatest: Math.max(...scores), changes: Math.max(0, times(0).length - 1), bans: times(1), replacements: times(2),
  };
}

/** Range of a score within the last 24 h. */
export function historyText(peer: PoolPeer): string {
  const curve = curveOf(peer);
  if (!curve) return "";
  const { least, greatest, changes } = curve;
  return changes === 0 ? `Within 24 h it has not changed by more than a point. ` : `Within 24 h it lay between ${points(least)} and ${points(greatest)}: ${plural(changes, "change")}. `;
}

/**
 * Why a connection is kept: its score, the worst connection of its side, and the best peer that could take a
 * position. Null without a connection.
 */
export function keptText(view: PoolView, peer: PoolPeer): string | null {
  if (peer.link !== "outbound" && peer.link !== "inbound") return null;
  const side = view.peers.filter(({ link }) => link === peer.link);
  const worst = Math.min(...side.map(({ score }) => score));
  const free = view.peers.filter(({ link, is_banned, not_before_ms }) => link === "idle" && !is_banned && not_before_ms <= view.now_ms);
  const best = free.length > 0 ? Math.max(...free.map(({ score }) => score)) : null;
  const rival = best === null ? "no other peer may be dialled now" : `the best peer without a connection has ${points(best)}`;
  const stand = peer.score === worst ? "It is the worst connection of its side" : `The worst connection of its side has ${points(worst)} points`;
  return `${stand}; ${rival}, and a newcomer needs a lead of ${view.hysteresis}.`;
}
