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
  /** A running or crashed peer loses its memory; its disk stays. */
  | { kind: "restart"; peer: Id; identity: "keep" | "new" }
  | { kind: "skew"; peer: Id; rounds: number; direction: "ahead" | "behind" }
  /** Clock rate in thousandths: 1,000 is normal, 100 to 4,000 are allowed. */
  | { kind: "drift"; peer: Id; rate: number }
  | { kind: "lose"; peer: Id; share: number }
  /** Storage fault in a share of the tokens of the peer; 0 repairs all faults except lost tokens. */
  | { kind: "spoil"; peer: Id; harm: StorageFault; share: number }
  /** The same for a random share of the running peers. */
  | { kind: "spoil-share"; peers: number; harm: StorageFault; share: number }
  /** Blocks: a client submits one through a peer; further versions with the same parents go elsewhere. */
  | { kind: "submit"; peer: Id; tokens: number; versions: number }
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
  | "eclipser"
  | "scrambler";

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
