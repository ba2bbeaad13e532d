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
  kind: "scenario" | "link" | "command";
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
  | { kind: "set"; path: string; value: KnobValue };

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

/** Facts counted since tick 0. */
export interface Metrics {
  preset: string;
  seed: Decimal;
  tick: number;
  /** Completed rounds. */
  rounds: number;
  messages: {
    /** Sent: query + answer + invitation + referral. */
    total: number;
    query: number;
    answer: number;
    invitation: number;
    referral: number;
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
    /** Sums over all running peers of what they think of others. */
    identified: number;
    pending: number;
    /** Connected peers a running peer has. */
    connected: { min: number; avg: number; max: number };
  };
  /** Tokens that a running peer holds, on average. */
  tokens_per_peer: number;
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
  started: Float64Array;
  completed: Float64Array;
  timed_out: Float64Array;
  /** At the sample, not cumulative: smallest, mean and largest number of Connected peers, and the other states summed. */
  connected_min: Float64Array;
  connected_avg: Float64Array;
  connected_max: Float64Array;
  identified: Float64Array;
  pending: Float64Array;
}

/** What is to be drawn at one tick, as arrays that share an index. Peers are in ascending order of id. */
export interface Frame {
  tick: number;
  peerId: BigUint64Array;
  /** Place on the ring: id / 2^64, in [0, 1). */
  turn: Float32Array;
  /** The furthest a peer has come with anyone: 0 alone, 1 Identified, 2 Pending, 3 Connected, 4 crashed. */
  status: Uint8Array;
  /** How many Connected peers it has. */
  connected: Uint16Array;
  /** Messages in flight, at most the limit asked for, spread evenly over all of them. Indices of peers. */
  messageFrom: Uint32Array;
  messageTo: Uint32Array;
  /** 0 query, 1 answer, 2 invitation, 3 referral. */
  messageKind: Uint8Array;
  messageSent: Float64Array;
  messageDue: Float64Array;
  /** How many are in flight in all. */
  inFlight: number;
  /** The arc that is cut off, in turns [from, to), or empty when the ring is whole. */
  cut: Float64Array;
}

/** One peer as it sees the world. */
export interface PeerDetail {
  id: Id;
  status: "running" | "crashed";
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
