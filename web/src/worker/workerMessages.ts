/** Messages between the page and its workers: plain data; the arrays of a frame are transferred. */
import type { BlockMap, CacheView, Claim, Column, Command, Curve, Decimal, Failure, Finding, ForkRows, Frame, History, Knob, KnobValue, Metrics, PeerDetail, PoolView, Preset, Problem, PropertyState, RadioMap, Refusal, ReproductionStatus, RingHistory, ScenarioInput, SessionRows, Shape } from "../wasm/ringside_wasm.js";

export type StepUnit = "event" | "round";
/** Schedule of the property monitor: never, within a share of the time, or after every tick with events. */
export type MonitorMode = "off" | "sampled" | "ticks";

/** Source of a run. The core reads the bytes of a file, with the reader of the command line. */
export type Source =
  | { kind: "scenario"; input: ScenarioInput }
  | { kind: "file"; bytes: Uint8Array; name: string }
  | { kind: "link"; link: string };

/** Circumstances of a run that is being opened, which the worker returns with the outcome. */
export interface Origin {
  /** Link that the run was opened from; null for any other source. */
  link: string | null;
  /** Name of the example; null if it is none. */
  example: string | null;
  /** Claim whose run it is; null if it is none. */
  claim: ClaimOfRun | null;
  /** Whether the run gets an entry of its own in the history of the browser. */
  isNewEntry: boolean;
  /** Scenario that a restart returns to [default: the opened one]. */
  base: ScenarioInput | null;
  /** Knob values to be kept as edits. */
  edits: [path: string, value: KnobValue][];
}

/** What the page says of a claim beside its run. */
export type ClaimOfRun = Pick<Claim, "text" | "expected" | "measure">;

/** Where an opened run goes: it plays at a speed, goes to a tick or to its end, or stays at tick 0. */
export type Opening = { play: number } | { at: number } | "end" | null;

/** What a user orders: to play, at a speed in rounds per second (Infinity runs as fast as the machine allows), or to pause. */
export type Playback = { type: "play"; speed: number } | { type: "pause" };

/** Order of the user. Orders are numbered from 1, so that a report can say which one it follows. */
export type PlaybackOrder = Playback & { number: number };

export type ToWorker =
  /** The first message: loads a module of the core, the one with all layers if a run is expected to need it. */
  | { type: "load"; layers: boolean }
  | { type: "open"; source: Source; origin: Origin; then: Opening }
  | PlaybackOrder
  /** New speed of a run that is playing; ignored while paused. */
  | { type: "speed"; speed: number }
  | { type: "step"; unit: StepUnit }
  /** Runs to the end of the experiment, with a frame now and then. */
  | { type: "finish" }
  /** Goes to a tick, back or ahead, and pauses there. The response comes on arrival or on interruption. */
  | { type: "seek"; tick: number; requestId: number }
  /** With `requestId` the outcome is a response; without one a failure is a message of its own. */
  | { type: "inject"; commands: Command[]; requestId?: number }
  | { type: "select"; id: bigint | null }
  /** Acknowledges the last frame: the worker may send the next one. */
  | { type: "frameAck" }
  /** Maximum number of messages in a frame. */
  | { type: "limit"; messages: number }
  /** Whether reports include a part that is large or takes long. */
  | { type: "subscribe"; part: Part; on: boolean }
  | { type: "monitor"; mode: MonitorMode }
  /** Checks all properties once, at any cost. */
  | { type: "checkNow" }
  | { type: "request"; requestId: number; what: RequestKind }
  /** Gives up the link and the fingerprint that are being computed. */
  | { type: "cancelWork" };

/**
 * Part of a report on request: the shape of the graph, the space-time diagram, the sessions, the forks, the map of radios,
 * the latest blocks, the peer cache or the managed peers of a host.
 */
export type Part = "shape" | "ring" | "sessions" | "forks" | "radio" | "blocks" | "cache" | "pool";

export type RequestKind = "link" | "scenario" | "seed";

/** Activity of the worker. */
export type Mode =
  | { kind: "paused" }
  | { kind: "playing"; speed: number }
  /** Running to a tick at full speed. */
  | { kind: "seeking"; from: number; to: number; purpose: SeekPurpose };

/** Reason for seeking: to check a link, to finish the experiment, or to show a tick. */
export type SeekPurpose = "check" | "finish" | "show";

/** Facts of a run that was just opened. */
export interface RunInfo {
  preset: string;
  seed: Decimal;
  ticksPerRound: number;
  /** Length of the experiment in rounds. */
  rounds: number;
  /** Scenario as it was opened, with its commands. */
  scenario: ScenarioInput;
  /** Knobs with the values of the preset. */
  baseline: Knob[];
}

/** One frame and its motion, which runs from `frame.tick` to `nextTick` within `frameMs`. */
export interface FrameUpdate {
  frame: Frame;
  nextTick: number;
  /** Milliseconds until the next frame is due; 0 if nothing moves. */
  frameMs: number;
  /**
   * Milliseconds that an active tick lasts at the present speed; 0 at unlimited speed, or if nothing moves.
   */
  tickMs: number;
  /**
   * Phase at which motion ends: 1 while playing, since the next frame continues it; less if it comes to
   * rest.
   */
  finalPhase: number;
  /** Selected peer at the same tick, so that its contacts are indices into this very frame. */
  detail: PeerDetail | null;
}

/** Figures, at a rate that can be read. Absent parts are unchanged. */
export interface Report {
  mode: Mode;
  /** Number of the last order to play or to pause that the mode follows; 0 if none was given. */
  order: number;
  metrics: Metrics;
  verdict: ReproductionStatus;
  /** Null unless paused: hashing the whole state at every report would cost too much. */
  fingerprint: string | null;
  detail: PeerDetail | null;
  history?: History;
  shape?: Shape;
  ringHistory?: RingHistory;
  sessions?: SessionRows;
  forks?: ForkRows;
  radio?: RadioMap;
  blocks?: BlockMap;
  cache?: CacheView;
  pool?: PoolView;
  knobs?: Knob[];
  commands?: TimedCommand[];
  refused?: Refusal[];
  notices?: Problem[];
  inspection?: Inspection;
}

/** States of all properties at a tick. */
export interface Inspection {
  tick: number;
  /** Number of checks of the safety properties so far. */
  checks: number;
  states: PropertyState[];
}

export type TimedCommand = { at: number } & Command;

export type FromWorker =
  | { type: "ready"; presets: Preset[]; columns: Column[] }
  /** A module with more layers has been loaded, and offers these. */
  | { type: "loaded"; presets: Preset[]; columns: Column[] }
  | { type: "opened"; run: RunInfo; knobs: Knob[]; commands: TimedCommand[]; origin: Origin }
  | { type: "frame"; update: FrameUpdate }
  | { type: "report"; report: Report }
  /** The run has reached the length of the experiment. */
  | { type: "ended" }
  /** `source` of the run that cannot be opened; null for a command. */
  | { type: "failed"; failure: Failure; source: Source | null }
  | { type: "panicked"; message: string; link: string | null }
  | { type: "unloadable"; message: string }
  | { type: "response"; requestId: number; value: Response };

export type Response =
  | { done: true } | { cancelled: true } | { link: string } | { failure: Failure } | { scenario: ScenarioInput } | { seed: Decimal };

export type ToClaimsWorker =
  | { type: "check"; ids: string[]; quick: boolean }
  /** Asks for the curves of the parameters that document 000 wants tuned. */
  | { type: "vary"; seeds: number };

export type FromClaimsWorker =
  /** The worker is loaded and accepts a check. */
  | { type: "ready"; claims: Claim[] }
  /** Runs done of all runs, and the findings since the last such message. */
  | { type: "progress"; done: number; size: number; findings: Finding[]; isOver: boolean }
  /** The same for curves. */
  | { type: "varied"; done: number; size: number; curves: Curve[]; isOver: boolean }
  | { type: "panicked"; message: string }
  | { type: "unloadable"; message: string };
