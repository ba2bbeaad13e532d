/** The peer cache of a host as a table. */
export interface CacheView {
  /** Id in hexadecimal digits. */
  host: string;
  /** Number in the plan of addresses, which outlives a restart under another id. */
  number: number;
  is_running: boolean;
  /** Whether the rows are those of the file read at the start; otherwise a save would write them now. */
  is_loaded: boolean;
  ranking: "reliability" | "last-success";
  rows: CacheRow[];
  /** All rows. */
  entries: number;
  /** Time since the start. */
  up_ms: number;
  /** Whether the host has run before. */
  is_again: boolean;
  first_ms: number | null;
  fifth_ms: number | null;
  settled_ms: number | null;
  /** What became of the cached peers at this start; null before that is clear, and at a first start. */
  outcome: StartOutcome | null;
  /** Peers with an open session. */
  live: number;
}

/** What became of the cached peers at a start of a host that has run before. */
export type StartOutcome =
  | "success"
  | "no-success"
  | "budget-expired"
  | "empty-cache"
  | "damaged"
  | "all-filtered"
  | "namespace-mismatch"
  | "disabled"
  | "cancelled";

/** What sets an entry behind the one above. */
export type RankKey = "relay" | "reliability" | "last-success" | "last-seen" | "id" | "file";

export type DialState =
  | "waiting" | "dialing" | "connected" | "other-peer" | "timed-out" | "refused" | "undialable" | "over-budget";

export interface CacheRow {
  peer: string | null;
  address: string;
  relays: boolean;
  /** In millionths. */
  reliability: number;
  successes: number;
  failures: number;
  /** Answers that elections have accepted; null if the file does not count them. */
  answers: number | null;
  /** 0 if unknown. */
  latency_ms: number;
  seen_s: number;
  success_s: number | null;
  decided_by: RankKey | null;
  dial: DialState | null;
}

/** The managed peers of a host. Scores and factors are in ten-thousandths, times in ms by its clock. */
export interface PoolView {
  host: string;
  now_ms: number;
  connections_max: number;
  /** In points. */
  hysteresis: number;
  /** Of reliability, performance and behaviour, in percent. */
  weights: [number, number, number];
  peers: PoolPeer[];
  /** All known peers. */
  known: number;
  offenders: Offender[];
}

type Three<T> = [T, T, T];

/** Time, score, and what happened: 0 a change, 1 a ban, 2 a replacement. */
export type ScorePoint = [at_ms: number, score: number, kind: 0 | 1 | 2];

export interface PoolPeer {
  peer: string | null;
  address: string;
  link: "outbound" | "inbound" | "dialing" | "idle";
  score: number;
  /** Reliability, performance, behaviour. */
  parts: Three<number>;
  /** Factors of each part, by descending weight. */
  factors: Three<Three<number>>;
  /** Dials, and those accepted. */
  dials: [number, number];
  /** Data from it, and the invalid ones. */
  data: [number, number];
  connected_ms: number;
  not_before_ms: number;
  /** Whether it serves badly, which the host cannot know. */
  is_bad: boolean;
  is_banned: boolean;
  ended: LinkEnd | null;
  /** History of its score over 24 h, the oldest point first: changes by more than a point, bans and replacements. */
  history: ScorePoint[];
}

export type LinkEnd = { at_ms: number } & (
  | { why: "by-peer" | "idle" | "unanswered" | "banned" }
  | { why: "replaced"; by: string | null; newcomer: number; worst: number }
);

export interface Offender {
  peer: string | null;
  is_banned: boolean;
  /** Null without a ban, and for a permanent one. */
  until_ms: number | null;
  bans: number;
  /** Kinds and times, the oldest first. */
  incidents: [kind: string, at_ms: number][];
}

/** Outcomes of crashes at many points of a save. */
export interface CrashStrips {
  /** Time over which the points are spread. */
  span_us: number;
  strips: CrashStrip[];
}

export interface CrashStrip {
  rule: "direct" | "rename" | "synced";
  /** Time that the save takes. */
  save_us: number;
  /** By point: 0 old, 1 new, 2 damaged, 3 lost, 4 mixed. */
  outcomes: number[];
}

/** Time on the air of a frame. */
export interface Airtime {
  airtime_us: number;
  airtime_ms: number;
  symbol_us: number;
  preamble_us: number;
  payload_symbols: number;
  low_data_rate: boolean;
  region?: { region: string; frequency_khz: number } & (
    | { law: "frames"; frames_per_hour: number; budget_ms: number | null; every_ms: number }
    | { law: "outside_band"; from_khz: number; to_khz: number }
    | { law: "too_long"; limit_ms: number; longest_bytes: number | null }
  );
}
