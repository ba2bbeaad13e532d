import { describe, expect, it } from "vitest";
import type { PoolPeer, PoolView, ScorePoint } from "../wasm/ringside_wasm.js";
import { banRows, curveOf, historyText, incidentsOf, keptText, momentsOf, ordered, stretchesOf } from "./story";

const peer = (more: Partial<PoolPeer>): PoolPeer => ({
  peer: "aa", address: "10.64.0.1:8333", link: "idle", score: 5_000, parts: [0, 0, 0], factors: [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
  dials: [0, 0], data: [0, 0], connected_ms: 0, not_before_ms: 0, is_bad: false, is_banned: false, ended: null, history: [], ...more,
});
const view = (now_ms: number, peers: PoolPeer[], offenders: PoolView["offenders"] = []): PoolView => ({
  host: "01", now_ms, connections_max: 50, hysteresis: 10, weights: [40, 30, 30], peers, known: peers.length, offenders,
});

const history: ScorePoint[] = [[0, 6_500, 0], [10, 8_800, 0], [20, 8_800, 2], [30, 6_300, 1], [40, 6_120, 0]];
const replaced = { at_ms: 25, why: "replaced", by: "bbccddee", newcomer: 8_200, worst: 7_000 } as const;
const views = [
  view(0, []),
  view(10, [peer({ link: "outbound" })]),
  view(20, [peer({ link: "outbound" })]),
  view(30, [peer({ ended: replaced })]),
  view(40, [peer({ ended: replaced, is_banned: true })]),
];

describe("the story of a managed peer", () => {
  it("has a stretch for each standing", () => {
    expect(stretchesOf(momentsOf(views, "aa"))).toEqual([
      { standing: "outbound", from: 10, to: 30 }, { standing: "idle", from: 30, to: 40 }, { standing: "banned", from: 40, to: 40 },
    ]);
    expect(momentsOf(views, "bb")).toEqual([]);
  });

  it("says why a connection has ended", () => {
    expect(incidentsOf(momentsOf(views, "aa"))).toEqual([
      { ms: 10, text: "connected: the host dialled" },
      { ms: 25, text: "replaced by bbccdd: 82.0 points against 70.0" },
      { ms: 40, text: "banned" },
    ]);
  });

  it("tells the range of the last 24 h", () => {
    expect(historyText(peer({ history }))).toBe("Within 24 h it lay between 61.2 and 88.0: 2 changes. ");
    expect(historyText(peer({ history: [[0, 6_120, 0]] }))).toContain("not changed");
    expect(historyText(peer({}))).toBe("");
  });

  it("has a curve with the times of bans and replacements", () => {
    expect(curveOf(peer({ history }))).toEqual({ peer: "aa", points: history, least: 6_120, greatest: 8_800, changes: 2, bans: [30], replacements: [20] });
    expect(curveOf(peer({ history, peer: null }))).toBeNull();
    expect(curveOf(peer({}))).toBeNull();
  });

  it("puts peers with a story first", () => {
    const last = view(40, [peer({ peer: "cc", score: 9_000 }), peer({ peer: "aa", ended: replaced }), peer({ peer: "dd", is_banned: true })]);
    expect(ordered(last).map(({ id, what }) => [id, what])).toEqual([["dd", "banned"], ["aa", "replaced"], ["cc", "90.0 points"]]);
  });
});

describe("why a connection is kept", () => {
  const [good, worst] = [peer({ link: "outbound", score: 8_000 }), peer({ link: "outbound", score: 6_000 })];
  const free = [peer({ score: 6_500 }), peer({ score: 9_000, is_banned: true }), peer({ score: 9_500, not_before_ms: 50 })];

  it("names the worst connection and the best peer that could replace it", () => {
    const now = view(40, [good, worst, peer({ link: "inbound", score: 1_000 }), ...free]);
    expect(keptText(now, good)).toBe("The worst connection of its side has 60.0 points; the best peer without a connection has 65.0, and a newcomer needs a lead of 10.");
    expect(keptText(now, worst)).toMatch(/^It is the worst connection of its side/);
    expect(keptText(view(40, [good]), good)).toMatch(/no other peer may be dialled now/);
    expect(keptText(now, peer({}))).toBeNull();
  });
});

describe("the timeline of bans", () => {
  const offender = { peer: "aa", is_banned: true, until_ms: 3_600, bans: 1, incidents: [["spam", 5], ["spam", 9]] as [string, number][] };

  it("counts a ban once, from the incident that made it", () => {
    const rows = banRows([view(10, [], [offender]), view(20, [], [offender])]);
    expect(rows).toEqual([{ peer: "aa", bans: [{ from: 9, to: 3_600, isPermanent: false }], incidents: [{ ms: 5, kind: "spam" }, { ms: 9, kind: "spam" }], count: 1 }]);
  });

  it("keeps what the host forgets, and extends a permanent ban to the present", () => {
    const lifted = { ...offender, is_banned: false, until_ms: null, incidents: [] };
    const forGood = { ...offender, until_ms: null, bans: 2, incidents: [["spam", 4_000]] as [string, number][] };
    const [row] = banRows([view(10, [], [offender]), view(3_700, [], [lifted]), view(4_010, [], [forGood]), view(4_100, [], [forGood])]);
    expect(row?.bans).toEqual([{ from: 9, to: 3_600, isPermanent: false }, { from: 4_000, to: 4_100, isPermanent: true }]);
    expect(row?.incidents.map(({ ms }) => ms)).toEqual([5, 9, 4_000]);
  });
});
