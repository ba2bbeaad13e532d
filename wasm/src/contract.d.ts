/** A whole number of 64 bits in decimal, as a string: numbers in JavaScript are exact only up to 2^53. */
export type Decimal = string;
/** A 64-bit id on the ring in sixteen hexadecimal digits, for example "00ff00ff00ff00ff". */
export type Id = string;

/** One thing that is wrong with a scenario, a link or a command, and what to do about it. */
export interface Problem {
  /** Where: "set.network.loss", "commands[2].peer", "link". */
  path: string;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

/** What every function of this module throws on bad input: an object, not an `Error`. */
export interface Failure {
  kind: "scenario" | "link" | "command" | "claim";
  /** Every problem that was found, at least one. */
  problems: Problem[];
}

/** The value of a knob: counts and shares (0 to 1) are numbers, switches booleans, choices strings. */
export type KnobValue = number | boolean | string;

/** A scenario as a person writes it: a preset, and what differs from it. */
export interface ScenarioInput {
  preset?: string;
  seed?: Decimal | number;
  /** How long the experiment is, in rounds. */
  rounds?: number;
  /** Knobs by section and name: { network: { loss: 0.05 } }. */
  set?: Record<string, Record<string, KnobValue>>;
  commands?: ({ at: number } & Command)[];
  /** What the scenario shows. Neither this nor what is expected is part of a link. */
  title?: string;
  /** What `ringside test` expects of the run: numbers of the report within bounds, or that all properties hold. */
  expect?: (
    | { at?: number; measure: string; at_least?: number; at_most?: number; equals?: number }
    | { invariants: true }
  )[];
}

/** What an operator may do to a running world. */
export type Command =
  | { kind: "join"; count: number }
  | { kind: "leave"; peer: Id }
  | { kind: "crash"; peer: Id }
  | { kind: "return"; peer: Id }
  /** Cut the ring in two: the arc from `from` up to, not including, `to`, and the rest. */
  | { kind: "cut"; from: Id; to: Id }
  | { kind: "heal" }
  | { kind: "set"; path: string; value: KnobValue }
  /** A flash crowd: each newcomer has heard of `contacts` peers and holds this share of what falls to it. */
  | { kind: "arrive"; count: number; contacts: number; coverage: number }
  /** A random share of the running peers stops at once. */
  | { kind: "expire"; share: number }
  /** Nobody within the arc is heard outside it. */
  | { kind: "cut-one-way"; from: Id; to: Id }
  /** Two halves of the peers, drawn by lot. */
  | { kind: "cut-halves"; salt: number }
  | { kind: "cut-regions"; regions: number }
  | { kind: "isolate"; peer: Id }
  /** All cuts hold for `period` ticks and then do not, in turn. */
  | { kind: "flap"; period: number }
  /** Messages on this link wait until they are released. */
  | { kind: "hold" | "release"; from: Id; to: Id }
  /** One held message arrives, `place` from 0 for the one that was sent first; the link stays held. */
  | { kind: "release-one"; from: Id; to: Id; place: number }
  /** The peer does nothing, and messages to it wait. */
  | { kind: "pause" | "resume"; peer: Id }
  | { kind: "skew"; peer: Id; rounds: number; direction: "ahead" | "behind" }
  /** `rate`: thousandths of a round that pass on the peer's clock in a round, 100 to 4,000. */
  | { kind: "drift"; peer: Id; rate: number }
  | { kind: "lose"; peer: Id; share: number }
  /** `share` of what the peer holds; 0 puts it right, except where it is lost. */
  | { kind: "spoil"; peer: Id; harm: Harm; share: number }
  /** The same for a random share of the running peers. */
  | { kind: "spoil-share"; peers: number; harm: Harm; share: number }
  | { kind: "corrupt"; peer: Id; conduct: Conduct }
  | { kind: "corrupt-share"; share: number; conduct: Conduct }
  /** Adversaries at the vacant tokens nearest to a place. */
  | { kind: "sybils"; near: Id; count: number; conduct: Conduct };

/** What befalls tokens: they are gone, have the block before the present one, or another one on which all agree to whom it happens. */
export type Harm = "lost" | "stale" | "conflicting";

/** What a peer does: an adversary breaks one rule and keeps all others. In the order of their numbers in frames. */
export type Conduct =
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

/** A named starting point. */
export interface Preset {
  name: string;
  title: string;
  /** One or two sentences: what it shows. */
  summary: string;
  /** How long the experiment is, in rounds. */
  rounds: number;
}

/** One parameter of a scenario. */
export interface Knob {
  /** "network.loss": section and name. */
  path: string;
  kind:
    | { type: "count"; min: number; max: number }
    | { type: "share"; max: number }
    | { type: "switch" }
    | { type: "choice"; options: string[] };
  /** "rounds", "peers", "" where it has none. */
  unit: string;
  /** One sentence. */
  meaning: string;
  /** The value it has now; for `knobs(preset)`, the preset's. */
  value: KnobValue;
  /** Whether it may be changed while the world runs; otherwise the change needs a restart. */
  live: boolean;
}

/** A column of the history, from the table of metrics of the core. */
export interface Column {
  /** Its name in `History` and in CSV files. */
  name: keyof History;
  /** In the plural: "messages", "peers", "share". */
  unit: string;
  /** One sentence. */
  meaning: string;
  /** A count since tick 0, so that differences of samples are rates; otherwise a level at the sample. */
  cumulative: boolean;
  /** Where the page draws it: columns of one group share a chart; null where it is not drawn. */
  chart: { group: string; title: string } | null;
}

/** What a link claims about the run it was copied from. */
export interface Expectation {
  tick: number;
  fingerprint: string;
}

/** How a run compares with the link it was opened from. */
export type Verdict =
  /** The link claims nothing, or the run was changed by a command since. */
  | { kind: "none" }
  /** The run has not reached the tick of the claim. */
  | { kind: "pending"; tick: number }
  /** Bit for bit the same at `tick`. */
  | { kind: "reproduced"; tick: number }
  /** Equal up to `same_until`, and different at `tick`, at the latest. */
  | { kind: "differs"; same_until: number; tick: number; expected: string; found: string };

/** Something that a document says of the protocol, and that can be checked. */
export interface Claim {
  /** Its name: lower case and hyphens. */
  id: string;
  /** The number of the seed: "000" or "001", and the heading in it. */
  seed: string;
  section: string;
  /** What it says, in our words, with its figure. */
  text: string;
  /** What is expected of the value, in words. */
  expected: string;
  /** The link to its first run. */
  link: string;
}

/** What was found of a claim. */
export interface Finding {
  id: string;
  verdict: "reproduced" | "not-reproduced" | "only-if" | "undecided";
  /** The verdict in words: "not reproduced". */
  words: string;
  /** The value in short, with its 95 % interval. */
  value: string;
  /** What was measured, what was expected, and what the conditions change. */
  sentence: string;
  /** Seeds of every experiment, and whether the experiments were cut short. */
  seeds: number;
  quick: boolean;
}

/** Facts counted since tick 0. */
export interface Metrics {
  preset: string;
  seed: Decimal;
  tick: number;
  /** Completed rounds. */
  rounds: number;
  messages: {
    /** Sent: query + answer + invitation + referral + goodbye. */
    total: number;
    query: number;
    answer: number;
    invitation: number;
    referral: number;
    goodbye: number;
    /** Sent once and on their way twice. */
    duplicated: number;
    delivered: number;
    lost: number;
    /** Sent to an id that no running peer has. */
    undeliverable: number;
    /** Dropped at a partition. */
    cut: number;
    /** Dropped because too many messages were in flight. */
    overload: number;
    in_flight: number;
  };
  /** Answers and invitations, as a share of all messages sent (how seed 000 counts); null before the first message. */
  answer_share: number | null;
  /** Answers without invitations per query sent; null before the first query. */
  answers_per_query: number | null;
  elections: {
    started: number;
    completed: number;
    timed_out: number;
    /** How often a check found a split brain. */
    split_brain: number;
    /** Elections given up because of a split brain. */
    split_abandoned: number;
    open: number;
  };
  /** Messages sent per completed election; null before the first. */
  messages_per_completed_election: number | null;
  peers: {
    running: number;
    crashed: number;
    paused: number;
    /** Peers that are not honest, now or later, whether they take part or not. */
    adversaries: number;
    /** Sums over all running peers of what they think of others. */
    identified: number;
    pending: number;
    /** Connected peers a running peer has. */
    connected: { min: number; avg: number; max: number };
  };
  /** Tokens that a running peer holds, on average; of more than 1,000 peers, some are asked. */
  tokens_per_peer: number;
  /** Elections that have ended, each once, by how. */
  outcomes: {
    elected: number;
    /** No answer or too few, after one of their messages was lost or cut. */
    loss: number;
    /** The other reasons, without a loss. */
    no_answer: number;
    too_few_answers: number;
    disagreement: number;
    split_brain: number;
  };
  /** Times that a peer has suspected a partition for the split brains of its elections. */
  split_alarms: number;
  /** What adversaries have achieved, and whom honest peers suspect; shares are null where there is nothing to share. */
  threat: {
    adversaries: number;
    captured: number | null;
    captured_max: number | null;
    elections_won: number | null;
    false_alarms: number | null;
    overlooked: number | null;
    condemned: number | null;
  };
  /** Times that a peer came to take another for a cheat. */
  suspicions: number;
  /** How many rounds ended elections took. */
  election_rounds: Distribution;
  queries_per_election: number | null;
  messages_per_answer: number | null;
  /** Peers that were asked in vain, or passed the query on, before the one that answered. */
  hops: Distribution;
  /** Changes of mind that have happened. */
  transitions: Transition[];
  /** How many rounds the running peers waited for their first Connected one, and the share that have had one. */
  first_connected: { share: number | null; p50: number | null; p90: number | null; max: number | null };
  /** Connections that came and went; introductions do not count. */
  turnover: { gained: number; lost: number; per_peer_round: number | null };
  /** The last fifth of the run, and at least 20 rounds. */
  recent: {
    rounds: number | null;
    answer_share: number | null;
    /** Its rise per 100 rounds. */
    answer_share_slope: number | null;
    changes_per_peer_round: number | null;
    lost_share_per_round: number | null;
  };
  /** Since which round the mean number of Connected peers is within 5 % of its mean of late, and that mean. */
  convergence: { round: number | null; level: number | null };
}

/** How whole numbers are spread; the last bin a histogram has room for holds all larger ones too. */
export interface Distribution {
  count: number;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
  /** How often each number came, from 0 on. */
  bins: number[];
}

/** What a peer thinks of another. */
export type Standing = "unknown" | "identified" | "pending" | "connected";

/** How often peers changed their minds about others in one way. */
export interface Transition {
  from: Standing;
  to: Standing;
  /** One word, or several with underscores: "referral", "no_reply". */
  cause: string;
  count: number;
}

/**
 * The graph of running peers at one tick. An edge leads from a peer to one that it thinks to be Connected with; it is mutual where
 * its reverse is there too. Every field is defined in docs/metrics.md.
 */
export interface Shape {
  tick: number;
  running: number;
  edges: number;
  /** Connected peers that do not run, summed over all tables. */
  stale_edges: number;
  symmetric_share: number | null;
  degrees: {
    connected: Quantiles;
    mutual: Quantiles;
    /** Degrees that share a bin; the first bin starts at 0. */
    bin_width: number;
    connected_bins: number[];
    mutual_bins: number[];
  };
  mutual_islands: Islands;
  known_islands: Islands;
  partition: {
    /** The network keeps some running peers apart from others. */
    cut: boolean;
    /** The mutual graph has two or more islands of more than one peer. */
    split: boolean;
    suspecting_share: number | null;
    /** Peers that suspect a partition or do not, by whether there is a cut or a split. */
    true_positives: number;
    false_positives: number;
    false_negatives: number;
    true_negatives: number;
  };
  closeness: {
    core_coverage: number | null;
    /** 1 where the ring is closed. */
    closed_share: number | null;
    /** In turns. */
    gap_mean: number | null;
    gap_max: number | null;
    locality: number | null;
    strong_share: number | null;
  };
  /** On the ring, as parts of half a turn. */
  distances: Distances;
  /** In rank, as parts of the highest. */
  rank_distances: Distances;
  mixing: { entropy: number | null; overlap_neighbours: number | null; overlap_strangers: number | null };
}

/**
 * How a property of the run stands. What is to hold `always` is violated from the first time it did not, as far as
 * somebody watches; what is to hold `eventually`, or to be seen `sometimes`, is awaited until it does.
 */
export type PropertyState = {
  /** A short name: "messages-balance". */
  id: string;
  kind: "always" | "eventually" | "sometimes";
  /** One sentence. */
  meaning: string;
} & (
  | { state: "holds" }
  /** `peers`: those that it is about, eight at most. */
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

export interface Islands {
  count: number;
  /** Those of more than one peer. */
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

/** A command of the scenario that could not be carried out when its time came. */
export interface Refusal extends Problem {
  tick: number;
}

/** Columns of the history, one entry per sample, all of the same length; cumulative unless stated. */
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
  /** At the sample, not cumulative: smallest, mean and largest number of Connected peers, and the other states summed. */
  connected_min: Float64Array;
  connected_avg: Float64Array;
  connected_max: Float64Array;
  identified: Float64Array;
  pending: Float64Array;
  /** Elections that failed, by cause. */
  loss: Float64Array;
  no_answer: Float64Array;
  too_few_answers: Float64Array;
  disagreement: Float64Array;
  split_brain: Float64Array;
  /** Connections. */
  gained: Float64Array;
  lost: Float64Array;
  /** The shape when it was last looked at, not cumulative. */
  symmetric_share: Float64Array;
  mutual_islands: Float64Array;
  closed_share: Float64Array;
  /** Simulated time, not cumulative over samples: at the tick length in force. */
  seconds: Float64Array;
  /** Hosts that lost their memory and booted from their disk. */
  restarts: Float64Array;
}

/** What is to be drawn at one tick, as arrays that share an index. Peers are in ascending order of id. */
export interface Frame {
  tick: number;
  peerId: BigUint64Array;
  /** Place on the ring: id / 2^64, in [0, 1). */
  turn: Float32Array;
  /** The furthest a peer has come with anyone: 0 alone, 1 Identified, 2 Pending, 3 Connected, 4 crashed, 5 paused. */
  status: Uint8Array;
  /** What it does, as the number of a Conduct: 0 for an honest peer. */
  conduct: Uint8Array;
  /** How many Connected peers it has. */
  connected: Uint16Array;
  /** Messages in flight, at most the limit asked for, spread evenly over all of them. Indices of peers. */
  messageFrom: Uint32Array;
  messageTo: Uint32Array;
  /** 0 query, 1 answer, 2 invitation, 3 referral, 4 goodbye. */
  messageKind: Uint8Array;
  messageSent: Float64Array;
  messageDue: Float64Array;
  /** How many are in flight in all. */
  inFlight: number;
  /** The arc that is cut off, in turns [from, to), or empty when the ring is whole. */
  cut: Float64Array;
  /** The side on which a peer is of halves, regions and the like, as one number; empty where there are none. */
  side: Uint8Array;
  /** What stands between peers, in words: cuts of all kinds, held links. */
  barriers: string[];
  /** Whether cuts hold now; those that come and go do not all the time. */
  holds: boolean;
}

/** One peer as it sees the world. */
export interface PeerDetail {
  id: Id;
  status: "running" | "crashed" | "paused";
  conduct: Conduct;
  /** Rounds that its clock is ahead; negative where it is behind. */
  skew: number;
  /** Thousandths of a round that pass on its clock in a round. */
  rate: number;
  identified: number;
  pending: number;
  connected: number;
  samples: number;
  /** Elections it has running. */
  elections: number;
  /** Tokens it holds. */
  tokens: number;
  /** Half the width of its arc, in turns. */
  reach: number;
  /** The peers it knows, as indices into the frame of the same tick, and their states (1, 2, 3 as in Frame). */
  contacts: Uint32Array;
  contactState: Uint8Array;
}
