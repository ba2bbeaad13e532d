/** State of a peer in the table of another. */
export type PeerStateKind = "unknown" | "identified" | "pending" | "connected";

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
    /** Share of the sixteenths of the ring in which a peer has a Connected peer, on average. */
    area_coverage: number | null;
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
  /** Code of the kind: 0 query, 1 answer, 2 invitation, 3 referral, 4 goodbye; from 32 on a packet of a layer. */
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
  scores: PeerScores;
}

/** Scores that a peer keeps of others, one an entry, in ascending order of id. */
export interface PeerScores {
  /** The peer that is scored. */
  peer: BigUint64Array;
  /** Quality in thousandths of the mean of all peers. */
  quality: Float64Array;
  /** Queries to it whose result is known, and the cost of its faults. */
  queries: Float64Array;
  /** Worth of its replies in thousandths of an answer without delay. */
  points: Float64Array;
  /** Invitations in the window of its last one. */
  invitations: Float64Array;
}

/** Space-time diagram of the ring: exact for its rounds, whatever was drawn. */
export interface RingHistory {
  /** Rows: equal arcs of the ring, in ascending order of position. */
  rows: number;
  /** Rounds between two columns: column `i` shows the ring after `i` times as many rounds. */
  roundsPerColumn: number;
  /**
   * Cells, column after column: the number of Connected peers of the peers in a row, or of the nearest; or
   * 65535 no peer, 65534 crashed, 65533 alone, 65532 Identified, 65531 Pending.
   */
  cells: Uint16Array;
}

/**
 * Sessions, one an entry: those that have ended, the latest ones, then those alive, each of these twice, once
 * for each end.
 */
export interface SessionRows {
  /** The host whose view this is. */
  host: BigUint64Array;
  /** The other end; 0 if no host has its address any more. */
  peer: BigUint64Array;
  /** Tick at which it opened; NaN before that. */
  opened: Float64Array;
  /** Tick at which it ended; NaN before that. */
  closed: Float64Array;
  /** 0 connecting, 1 handshaking, 2 open, 3 closing, 4 closed. */
  state: Uint8Array;
  /** 0 dialled by the host, 1 accepted. */
  direction: Uint8Array;
  /** Number of the session on its host, which only grows. */
  generation: Uint32Array;
  /** Pings that wait for their pong. */
  pings: Uint32Array;
}

/**
 * Chains that fork, as branches: lines of blocks without a fork. Then changes of the number of running hosts with their last
 * block on a branch, branch by branch and in order of time, and the latest replacements, in order of time. Each is in
 * parallel arrays; branches are named by their index. Read at the end of each round.
 */
export interface ForkRows {
  /** Branch on which it has begun; NaN for one that begins with a genesis block. */
  parent: Float64Array;
  /** Height of the last block before it. */
  forkedAt: Uint32Array;
  /** Height of its last block. */
  height: Uint32Array;
  /** Tick at which it was first seen. */
  begin: Float64Array;
  /** Branch of a change. */
  branch: Uint32Array;
  /** Tick of a change. */
  tick: Float64Array;
  /** Hosts from then on. */
  hosts: Uint32Array;
  /** Tick at which a host has replaced blocks of one branch by those of another. */
  replacedTick: Float64Array;
  replacedFrom: Uint32Array;
  replacedTo: Uint32Array;
  /** Blocks replaced. */
  replacedDepth: Uint32Array;
}

/** A map of radios, with the ledger of the chosen host. Hosts, and transmissions on the air, are in parallel arrays. */
export interface RadioMap {
  /** Side of the square. */
  areaM: number;
  /** Distance over which a frame is heard. */
  rangeM: number;
  host: BigUint64Array;
  /** Position to the east, in m. */
  x: Uint32Array;
  /** Position to the south, in m. */
  y: Uint32Array;
  /** 1 for a gateway. */
  gateway: Uint8Array;
  /** Share of its duty cycle that a host has used in the hour that ends now. */
  duty: Float64Array;
  /** Frames that wait. */
  waiting: Uint32Array;
  /** Transmissions that reach a host now: of several, most destroy one another. */
  heard: Uint32Array;
  /** Sender of each transmission on the air. */
  sender: BigUint64Array;
  /** Kind of each: 0 beacon, 1 fragment, 2 acknowledgement, 3 request, 4 route request, 5 route reply. */
  kind: Uint8Array;
  /** Transmissions of the chosen host: time before now at which each ended. */
  ledgerAgeMs: Float64Array;
  /** Their lengths. */
  ledgerMs: Float64Array;
  /** Time that the chosen host may transmit in an hour; null without a duty cycle. */
  budgetMs: number | null;
}

/** The latest blocks that peers vote on, the newest first, and what the chosen peer waits for. */
export interface BlockMap {
  /** Balance above which a token is decided. */
  threshold: number;
  blocks: BlockMark[];
  /** Tokens that honest peers of their range map to two blocks with the same parent. */
  disputed: BigUint64Array;
  /** Undecided blocks of the chosen peer. */
  waiting: BigUint64Array;
  /**
   * Five numbers for each: its age in rounds; its cause, 0 content, 1 parent, 2 votes on a token, 3 votes of
   * witnesses, 4 lost; tokens decided; all its tokens; votes that the peer has.
   */
  waits: Uint32Array;
}

/** A block on the map. */
export interface BlockMark {
  id: Decimal;
  /** Round in which its client made it. */
  round: number;
  token: BigUint64Array;
  /** For each token the approvals and the refusals of its range, as the peer with the most votes knows them. */
  votes: Uint32Array;
  /** For each token the running peers of its range. */
  range: BigUint64Array[];
  /** Peers that know it. */
  holder: BigUint64Array;
  /** What each has done: 0 heard of it, 1 approved, 2 refused, 3 committed. */
  stand: Uint8Array;
  /** Messages about it on their way: sender and receiver in turn. */
  messages: BigUint64Array;
}
