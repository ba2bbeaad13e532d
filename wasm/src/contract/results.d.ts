/** Outcome that a link records of the run it was copied from. */
export interface RecordedOutcome {
  tick: number;
  fingerprint: string;
}

/** Comparison of a run with the outcome recorded in the link it was opened from. */
export type ReproductionStatus =
  /** The link records no outcome, or a command has changed the run since. */
  | { kind: "none" }
  /** The run has not reached the recorded tick. */
  | { kind: "pending"; tick: number }
  /** Fingerprints are equal at `tick`. */
  | { kind: "reproduced"; tick: number }
  /** The runs are equal up to `same_until` and different from `tick` on, at the latest. */
  | { kind: "differs"; same_until: number; tick: number; expected: string; found: string };

/** Testable statement of a document about the protocol. */
export interface Claim {
  /** Name in lower case with hyphens. */
  id: string;
  /** Number of the document ("000" to "004"), its title, and the heading in it. */
  seed: string;
  document: string;
  section: string;
  /** Paraphrase of the statement, with its figure. */
  text: string;
  /** Expected value, in words. */
  expected: string;
  /** Title of the measure that its runs are judged by, at their end. */
  measure: string;
  /** Link to its first run. */
  link: string;
}

/** Result of the check of a claim. */
export interface Finding {
  id: string;
  verdict: "reproduced" | "not-reproduced" | "only-if" | "undecided";
  /** Verdict in words: "not reproduced". */
  words: string;
  /** Measured value with its 95 % confidence interval. */
  value: string;
  /** Measured and expected values, and the values under other conditions. */
  sentence: string;
  /** Number of random seeds of each experiment, and whether long experiments were shortened. */
  seeds: number;
  quick: boolean;
}

/** A measure over the values of a parameter that document 000 wants tuned. */
export interface Curve {
  /** Path of the knob. */
  path: string;
  /** The world in which it is varied, in words. */
  world: string;
  /** Title of the measure, and its unit. */
  measure: string;
  unit: "share" | "points" | "count" | "factor" | "runs";
  /** In ascending order of value. */
  points: CurvePoint[];
  /** What the parameter does from its first to its last value. */
  sentence: string;
}

export interface CurvePoint {
  value: number;
  /** Whether it is the value of the preset. */
  is_usual: boolean;
  /** Mean over the random seeds, with the ends of its 95 % confidence interval. */
  summary: { mean: number | null; low: number | null; high: number | null; runs: number };
  /** The same in words. */
  text: string;
}

/** Metrics since tick 0. Every field is defined in docs/metrics.md. */
/** Sessions of a run; docs/metrics.md defines every field. */
export interface SessionMetrics {
  live: number;
  opened: number;
  closed: number;
  refused: number;
  lifetime_ms: { min: number | null; p50: number | null; p90: number | null; max: number | null };
  dials: number;
  pings_sent: number;
  pongs_matched: number;
  rtt_ms: { p50: number | null; p99: number | null };
  registry_entries: number;
  distinct_addresses: number;
  pairs_without_session: number;
  listed_pairs: number;
  pairs_with_duplicates: number;
  replies_lost: number;
  bytes_per_end: number | null;
}

/** Synchronization of blocks over sessions. */
export interface SyncMetrics {
  height_min: number;
  height_max: number;
  converged_ms: number | null;
  blocks_produced: number;
  slots: number;
  requests: number;
  foreign_blocks: number;
  isolated: number;
}

/** Peer caches of document 003; docs/metrics.md defines every field. */
export interface CacheMetrics {
  saves: number;
  saves_failed: number;
  loads: number;
  entries: number;
  stale_dropped: number;
  corrupt: number;
  attempted: number;
  succeeded: number;
  hit_rate_true: number | null;
  hit_rate_reported: number | null;
  first_session_ms: number | null;
  fifth_session_ms: number | null;
  first_relay_ms: number | null;
  settled_ms: number | null;
  bootstrap_dials: number;
  save_ms: number | null;
  load_ms: number | null;
  score_agreement: number | null;
  transfers: number;
  transfers_failed: number;
  mismatched: number;
  taken_over: number;
  barred: number;
  lookups: number;
  starts: StartOutcomes;
}

/** Starts of hosts that have run before, by what became of the cached peers. */
export interface StartOutcomes {
  success: number;
  no_success: number;
  budget_expired: number;
  empty_cache: number;
  damaged: number;
  all_filtered: number;
  namespace_mismatch: number;
  disabled: number;
  cancelled: number;
}

/** Hosts that have started again. */
export interface RejoinMetrics {
  restarts: number;
  rejoined: number;
  rounds_mean: number | null;
  messages_mean: number | null;
}

/** Radios of document 004. */
export interface RadioMetrics {
  frames: number;
  airtime_ms: number;
  /** Share of what the law allows; above 1 where it is broken. */
  duty_max: number;
  violations: number;
  collisions: number;
  heard: number;
  fragments: number;
  retransmissions: number;
  checksums_refused: number;
  messages_sent: number;
  messages_complete: number;
  messages_failed: number;
  latency_p50_ms: number | null;
  latency_p99_ms: number | null;
  queue_p99_ms: number | null;
  neighbors_mean: number | null;
}

/** Peer manager of document 004; means are per running host. */
export interface ManagerMetrics {
  known: number | null;
  connected: number | null;
  inbound: number | null;
  outbound: number | null;
  banned: number;
  bans: number;
  unbans: number;
  /** In points, of connected peers. */
  score: { min: number | null; p50: number | null; max: number | null };
  replacements: number;
  redials: number;
  /** By seeds, exchange, local network, mesh, dials, a person. */
  found: [number, number, number, number, number, number];
  bad_share: number | null;
  minted_known: number | null;
  minted_connected: number | null;
  evidence: number;
  /** Points of the histories of scores, over all hosts. */
  history: number;
  /** Dials, pings, lists and data that managers have sent. */
  messages: number;
}

/** Rounds; `null` before the first value. */
export interface RoundMetrics {
  p50: number | null;
  p95: number | null;
  mean: number | null;
}

/** Blocks of document 000, phase 4. */
export interface BlockMetrics {
  submitted: number;
  committed: number;
  blocked: number;
  expired: number;
  pending: number;
  rounds: RoundMetrics;
  first: RoundMetrics;
  all: RoundMetrics;
  messages_per_commit: number | null;
  messages_per_needed: number | null;
  wrong_commits: number;
  two_owners: number;
  reorganisations: number;
  votes_counted: number;
  votes_refused: number;
  /** Convictions by kind, each judge counted; pairs of an honest peer and a convicted one now, of saboteurs as a share. */
  frauds: { heads: number; answers: number; saboteurs: number | null; honest: number };
  messages: { kind: string; sent: number }[];
  /** Undecided entries of all pools, by what they wait for. */
  waiting: { block: number; parent: number; token_votes: number; witness_votes: number; lost: number };
  /** Blocks by rounds until half of the peers concerned had committed. */
  latencies: number[];
}

export interface Metrics {
  /** Absent if peers do not vote on blocks. */
  blocks?: BlockMetrics;
  /** Absent if hosts hold no sessions. */
  sessions?: SessionMetrics;
  /** Absent if hosts keep no chain. */
  sync?: SyncMetrics;
  /** Absent if hosts keep no peer cache. */
  cache?: CacheMetrics;
  /** Absent if no host has started again. */
  rejoins?: RejoinMetrics;
  /** Absent if hosts have no radio. */
  radio?: RadioMetrics;
  /** Absent if hosts manage no peers. */
  manager?: ManagerMetrics;
  preset: string;
  seed: Decimal;
  tick: number;
  /** Completed rounds. */
  rounds: number;
  messages: {
    /** Messages of each kind sent, by its name. */
    [kind: string]: number;
    /** Messages of all kinds sent. */
    total: number;
    query: number;
    answer: number;
    invitation: number;
    /** Messages that the network duplicated. */
    duplicated: number;
    delivered: number;
    lost: number;
    /** Messages to an id that no running peer has. */
    undeliverable: number;
    /** Messages dropped at a partition. */
    cut: number;
    /** Messages dropped because too many were in flight. */
    overload: number;
    collided: number;
    in_flight: number;
  };
  /**
   * Answers and invitations as a share of all messages sent (the definition of document 000); null before
   * the first message.
   */
  answer_share: number | null;
  /** Answers without invitations per query sent; null before the first query. */
  answers_per_query: number | null;
  elections: {
    started: number;
    completed: number;
    timed_out: number;
    /** Number of tallies that found a split brain. */
    split_brain: number;
    /** Elections abandoned because of a split brain. */
    split_abandoned: number;
    open: number;
  };
  /** Messages sent per completed election; null before the first. */
  messages_per_completed_election: number | null;
  peers: {
    running: number;
    crashed: number;
    paused: number;
    /** Peers that are not honest, now or later, whether they run or not. */
    adversaries: number;
    /** Peers in this state, summed over the tables of all running peers. */
    identified: number;
    pending: number;
    /** Connected peers per running peer. */
    connected: { min: number; avg: number; max: number };
  };
  /** Mean number of tokens per running peer; estimated from a sample beyond 1,000 peers. */
  tokens_per_peer: number;
  /** Ended elections by outcome. */
  outcomes: {
    elected: number;
    /** No answer or too few, after a message of the election was lost or cut. */
    loss: number;
    /** No answer at all, without a loss. */
    no_answer: number;
    too_few_answers: number;
    disagreement: number;
    split_brain: number;
  };
  /** Times that a peer has suspected a partition because of split brains in its elections. */
  split_alarms: number;
  /** Impact of adversaries, and suspicion by honest peers; a share is null if its base is empty. */
  threat: {
    adversaries: number;
    captured: number | null;
    captured_max: number | null;
    elections_won: number | null;
    false_alarms: number | null;
    overlooked: number | null;
    condemned: number | null;
  };
  /** Times that a peer began to suspect another of misbehavior. */
  suspicions: number;
  /** Elections in detail. */
  election_details: {
    /** Rounds from start to winner of completed elections. */
    consensus_rounds: Distribution;
    channels_opened: number;
    channels_answered: number;
    channels_blocked: number;
    /** Different responders of an election as a share of its answers. */
    responder_diversity: number | null;
    /** Answers of completed elections that claim the winner's block, as a share. */
    agreement: number | null;
    /** Messages that changed nothing, by reason. */
    rejections: { reason: string; count: number }[];
  };
  /** Duration of ended elections in rounds. */
  election_rounds: Distribution;
  queries_per_election: number | null;
  messages_per_answer: number | null;
  /** Peers that did not answer, or passed the query on, before the one that answered. */
  hops: Distribution;
  /** State changes between peers, by cause. */
  transitions: Transition[];
  /**
   * Rounds until the first Connected peer, over the running peers, and the share of peers that have had
   * one.
   */
  first_connected: { share: number | null; p50: number | null; p90: number | null; max: number | null };
  /** Connections formed and ended; introductions do not count. */
  turnover: { gained: number; lost: number; per_peer_round: number | null };
  /** Figures of the last fifth of the run, at least 20 rounds. */
  recent: {
    rounds: number | null;
    answer_share: number | null;
    /** Slope of the least-squares line per 100 rounds. */
    answer_share_slope: number | null;
    changes_per_peer_round: number | null;
    lost_share_per_round: number | null;
  };
  /**
   * First round from which on the mean number of Connected peers stays within 5 % of its recent mean, and
   * that mean.
   */
  convergence: { round: number | null; level: number | null };
}

/** Distribution of integers; the last possible bin of a histogram also counts all larger values. */
export interface Distribution {
  count: number;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
  /** Frequency of each number from 0 on. */
  bins: number[];
}

/** Number of state changes of one kind and cause. */
export interface Transition {
  from: PeerStateKind;
  to: PeerStateKind;
  /** Cause in words joined by underscores: "referral", "no_reply". */
  cause: string;
  count: number;
}

/** Command of the scenario that was refused at its tick. */
export interface Refusal extends Problem {
  tick: number;
}

/** Column of the history, from the table of metrics of the core. */
export interface Column {
  /** Its name in `History` and in CSV files. */
  name: string;
  /** In the plural: "messages", "peers", "share". */
  unit: string;
  /** One sentence. */
  meaning: string;
  /** A count since tick 0, so that differences of samples are rates; otherwise a level at the sample. */
  cumulative: boolean;
  /** Chart of the page: columns of one group share a chart; null if it is not drawn. */
  chart: { group: string; title: string } | null;
}

/** History as columns of equal length, one entry per sample; cumulative unless stated. */
export interface History {
  /** One for each column of the core's table; those that the page itself computes with follow. */
  [column: string]: Float64Array;
  /** Completed rounds at the sample. */
  round: Float64Array;
  query: Float64Array;
  answer: Float64Array;
  invitation: Float64Array;
  started: Float64Array;
  completed: Float64Array;
  timed_out: Float64Array;
  /** Not cumulative: minimum, mean and maximum number of Connected peers, and sums of the other states. */
  connected_min: Float64Array;
  connected_avg: Float64Array;
  connected_max: Float64Array;
  identified: Float64Array;
  pending: Float64Array;
  /** Failed elections by cause. */
  loss: Float64Array;
  no_answer: Float64Array;
  too_few_answers: Float64Array;
  disagreement: Float64Array;
  split_brain: Float64Array;
  /** Connections formed and ended. */
  gained: Float64Array;
  lost: Float64Array;
  /** Not cumulative: shape of the graph when it was computed last. */
  symmetric_share: Float64Array;
  mutual_islands: Float64Array;
  closed_share: Float64Array;
  /** Simulated time, not cumulative over samples: at the tick length in force. */
  seconds: Float64Array;
  /** Hosts that lost their memory and booted from their disk. */
  restarts: Float64Array;
}
