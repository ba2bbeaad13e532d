/** Unsigned 64-bit integer in decimal, as a string: numbers of JavaScript are exact up to 2^53 only. */
export type Decimal = string;
/** 64-bit id on the ring in sixteen hexadecimal digits, for example "00ff00ff00ff00ff". */
export type Id = string;

/** One error in a scenario, a link or a command, with its remedy. */
export interface Problem {
  /** Path of the value: "set.network.loss", "commands[2].peer", "link". */
  path: string;
  /** The error. */
  message: string;
  /** The way to correct it. */
  remedy: string;
}

/** Exception of every function of this module on bad input: an object, not an `Error`. */
export interface Failure {
  kind: "scenario" | "link" | "command" | "claim";
  /** All errors found, at least one. */
  problems: Problem[];
}

/** Value of a knob: counts and shares (0 to 1) are numbers, switches booleans, choices strings. */
export type KnobValue = number | boolean | string;

/** Scenario as it is written in a file: a preset and the differences from it. */
export interface ScenarioInput {
  preset?: string;
  seed?: Decimal | number;
  /** Length of the experiment in rounds. */
  rounds?: number;
  /** Knobs by section and name: { network: { loss: 0.05 } }. */
  set?: Record<string, Record<string, KnobValue>>;
  commands?: ({ at: number } & Command)[];
  /** Statement that the scenario demonstrates. Neither it nor `expect` is part of a link. */
  title?: string;
  /** Assertions of `ringside test`: bounds on measures of the report, or that all properties hold. */
  expect?: (
    | { at?: number; measure: string; at_least?: number; at_most?: number; equals?: number }
    | { invariants: true }
  )[];
}

/** Intervention in a running world. */
export type Command =
  | { kind: "join"; count: number }
  | { kind: "leave"; peer: Id }
  | { kind: "crash"; peer: Id }
  | { kind: "return"; peer: Id }
  /** Partition into the arc [`from`, `to`) and the rest of the ring. */
  | { kind: "cut"; from: Id; to: Id }
  | { kind: "heal" }
  | { kind: "set"; path: string; value: KnobValue }
  /**
   * Flash crowd: each newcomer knows `contacts` peers and holds the share `coverage` of the tokens of its
   * arc.
   */
  | { kind: "arrive"; count: number; contacts: number; coverage: number }
  /** Crash of a random share of the running peers. */
  | { kind: "expire"; share: number }
  /** One-way partition: messages out of the arc [`from`, `to`) are dropped. */
  | { kind: "cut-one-way"; from: Id; to: Id }
  /** Partition into two random halves of the peers; `salt` is the seed of the split. */
  | { kind: "cut-halves"; salt: number }
  | { kind: "cut-regions"; regions: number }
  | { kind: "isolate"; peer: Id }
  /** Partitions alternate: in force for `period` ticks, lifted for `period` ticks. */
  | { kind: "flap"; period: number }
  /** Messages of this one-way link are held, or delivered and no longer held. */
  | { kind: "hold" | "release"; from: Id; to: Id }
  /** Delivery of one held message, `place` 0 being the oldest; the link stays held. */
  | { kind: "release-one"; from: Id; to: Id; place: number }
  /** A paused peer does nothing, and messages to it wait. */
  | { kind: "pause" | "resume"; peer: Id }
  | { kind: "skew"; peer: Id; rounds: number; direction: "ahead" | "behind" }
  /** Clock rate in thousandths: 1,000 is normal, 100 to 4,000 are allowed. */
  | { kind: "drift"; peer: Id; rate: number }
  | { kind: "lose"; peer: Id; share: number }
  /** Storage fault in a share of the tokens of the peer; 0 repairs all faults except lost tokens. */
  | { kind: "spoil"; peer: Id; harm: StorageFault; share: number }
  /** The same for a random share of the running peers. */
  | { kind: "spoil-share"; peers: number; harm: StorageFault; share: number }
  | { kind: "corrupt"; peer: Id; conduct: Behavior }
  | { kind: "corrupt-share"; share: number; conduct: Behavior }
  /** Sybil attack: adversaries at the vacant tokens nearest to an id. */
  | { kind: "sybils"; near: Id; count: number; conduct: Behavior };

/**
 * Fault of stored tokens: missing, one block behind, or a conflicting block that is the same at all faulty
 * peers.
 */
export type StorageFault = "lost" | "stale" | "conflicting";

/**
 * Behavior of a peer, in the order of its codes in frames. An adversary breaks one rule of the protocol and
 * keeps all others.
 */
export type Behavior =
  | "honest"
  | "withholder"
  | "free-rider"
  | "forger"
  | "colluder"
  | "replayer"
  | "duplicator"
  | "framer"
  | "equivocator"
  | "poisoner"
  | "flooder"
  | "eclipser";

/** Named base configuration. */
export interface Preset {
  name: string;
  title: string;
  /** One or two sentences on what it demonstrates. */
  summary: string;
  /** Length of the experiment in rounds. */
  rounds: number;
}

/** Parameter of a scenario. */
export interface Knob {
  /** Section and name: "network.loss". */
  path: string;
  kind:
    | { type: "count"; min: number; max: number }
    | { type: "share"; max: number }
    | { type: "switch" }
    | { type: "choice"; options: string[] };
  /** Unit, "" if it has none: "rounds", "peers". */
  unit: string;
  /** Meaning in one sentence. */
  meaning: string;
  /** Value in force; for `knobs(preset)`, the value of the preset. */
  value: KnobValue;
  /** Whether it can be changed while the world runs; otherwise a change takes effect after a restart. */
  live: boolean;
}

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
  /** Number of the document ("000" or "001"), and the heading in it. */
  seed: string;
  section: string;
  /** Paraphrase of the statement, with its figure. */
  text: string;
  /** Expected value, in words. */
  expected: string;
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

/** Metrics since tick 0. Every field is defined in docs/metrics.md. */
export interface Metrics {
  preset: string;
  seed: Decimal;
  tick: number;
  /** Completed rounds. */
  rounds: number;
  messages: {
    /** Messages sent: query + answer + invitation + referral + goodbye. */
    total: number;
    query: number;
    answer: number;
    invitation: number;
    referral: number;
    goodbye: number;
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

/** State of a peer in the table of another. */
export type PeerStateKind = "unknown" | "identified" | "pending" | "connected";

/** Number of state changes of one kind and cause. */
export interface Transition {
  from: PeerStateKind;
  to: PeerStateKind;
  /** Cause in words joined by underscores: "referral", "no_reply". */
  cause: string;
  count: number;
}

/**
 * Graph of the running peers at one tick. An edge leads from a peer to each of its Connected peers; it is
 * mutual if the reverse edge exists too. Every field is defined in docs/metrics.md.
 */
export interface Shape {
  tick: number;
  running: number;
  edges: number;
  /** Connected peers that are not running, summed over all tables. */
  stale_edges: number;
  symmetric_share: number | null;
  degrees: {
    connected: Quantiles;
    mutual: Quantiles;
    /** Width of a bin in degrees; the first bin starts at 0. */
    bin_width: number;
    connected_bins: number[];
    mutual_bins: number[];
  };
  mutual_islands: Components;
  known_islands: Components;
  partition: {
    /** Whether the network separates some running peers from others. */
    cut: boolean;
    /** Whether the mutual graph has two or more components of more than one peer. */
    split: boolean;
    suspecting_share: number | null;
    /**
     * Confusion matrix of the partition detector: suspecting peers against the presence of a cut or a
     * split.
     */
    true_positives: number;
    false_positives: number;
    false_negatives: number;
    true_negatives: number;
  };
  closeness: {
    core_coverage: number | null;
    /** Share of adjacent pairs that are mutually Connected; 1 if the ring is closed. */
    closed_share: number | null;
    /** Largest arc without a Connected peer, as a share of the ring. */
    gap_mean: number | null;
    gap_max: number | null;
    locality: number | null;
    strong_share: number | null;
  };
  /** Distances on the ring, as shares of half the ring. */
  distances: Distances;
  /** Distances in rank, as shares of the highest. */
  rank_distances: Distances;
  mixing: { entropy: number | null; overlap_neighbours: number | null; overlap_strangers: number | null };
}

/**
 * Status of a property. A safety property (`always`) stays violated once a check has found a violation; a
 * liveness property (`eventually`) and a coverage property (`sometimes`) are awaited until they hold.
 */
export type PropertyState = {
  /** Name: "messages-balance". */
  id: string;
  kind: "always" | "eventually" | "sometimes";
  /** Meaning in one sentence. */
  meaning: string;
} & (
  | { state: "holds" }
  /** `peers`: the peers concerned, at most eight. */
  | { state: "violated"; tick: number; peers: Id[]; text: string }
  | { state: "awaited"; peers: Id[]; text: string }
);

export interface Quantiles {
  min: number;
  p10: number;
  p50: number;
  p90: number;
  max: number;
  mean: number;
}

export interface Components {
  count: number;
  /** Components of more than one peer. */
  inhabited: number;
  largest_share: number | null;
}

export interface Distances {
  /** 32 bins of equal width from 0 to 1. */
  bins: number[];
  deviation: number | null;
  /** Kolmogorov-Smirnov statistics, 0 for a perfect fit to 1. */
  ks_uniform: number | null;
  ks_gaussian: number | null;
}

/** Command of the scenario that was refused at its tick. */
export interface Refusal extends Problem {
  tick: number;
}

/** History as columns of equal length, one entry per sample; cumulative unless stated. */
export interface History {
  /** Completed rounds at the sample. */
  round: Float64Array;
  query: Float64Array;
  answer: Float64Array;
  invitation: Float64Array;
  referral: Float64Array;
  goodbye: Float64Array;
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
}

/** Picture of the world at one tick, as arrays that share an index. Peers are in ascending order of id. */
export interface Frame {
  tick: number;
  peerId: BigUint64Array;
  /** Position on the ring: id / 2^64, in [0, 1). */
  position: Float32Array;
  /**
   * Highest state of a peer towards any other: 0 alone, 1 Identified, 2 Pending, 3 Connected; or 4 crashed,
   * 5 paused.
   */
  status: Uint8Array;
  /** Code of its Behavior: 0 for an honest peer. */
  behavior: Uint8Array;
  /** Number of its Connected peers. */
  connected: Uint16Array;
  /** Messages in flight: an even sample of at most the requested limit, with indices of peers. */
  messageFrom: Uint32Array;
  messageTo: Uint32Array;
  /** Code of the kind: 0 query, 1 answer, 2 invitation, 3 referral, 4 goodbye. */
  messageKind: Uint8Array;
  messageSent: Float64Array;
  messageDue: Float64Array;
  /** Number of all messages in flight. */
  inFlight: number;
  /** Arc [from, to) that is cut off, as positions; empty if there is none. */
  cut: Float64Array;
  /** Side of each peer in the partitions that are not arcs, as one number; empty if there are none. */
  side: Uint8Array;
  /** Descriptions of the partitions and held links. */
  barriers: string[];
  /** Whether partitions are in force now; flapping ones are lifted at times. */
  holds: boolean;
}

/** State of one peer. */
export interface PeerDetail {
  id: Id;
  status: "running" | "crashed" | "paused";
  behavior: Behavior;
  /** Offset of its clock in rounds; negative if it is behind. */
  skew: number;
  /** Rate of its clock in thousandths; 1,000 is normal. */
  rate: number;
  identified: number;
  pending: number;
  connected: number;
  samples: number;
  /** Open elections. */
  elections: number;
  /** Tokens held. */
  tokens: number;
  /** Half the width of its arc, as a share of the ring. */
  reach: number;
  /**
   * Known peers as indices into the frame of the same tick, and their states (1 to 3 as in `Frame.status`).
   */
  contacts: Uint32Array;
  contactState: Uint8Array;
}
