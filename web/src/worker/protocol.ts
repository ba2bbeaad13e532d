/** What the page and the worker say to each other. Everything is plain data; arrays of a frame are transferred. */
import type {
  Claim, Command, Decimal, Failure, Finding, Frame, History, Knob, Metrics, PeerDetail, Preset, Problem, PropertyState, Refusal,
  ScenarioInput, Shape, Verdict,
} from "../wasm/ringside_wasm.js";

export type StepUnit = "event" | "round";
/** How often what must hold is looked at: never, as often as costs little, or after every tick in which something happens. */
export type Looking = "off" | "sampled" | "ticks";

export type ToWorker =
  /** `play` is the speed to play at once, or null to wait. */
  | { type: "start"; input: ScenarioInput; play: number | null }
  | { type: "open"; link: string }
  /** Rounds per second; Infinity runs as fast as the machine allows. */
  | { type: "play"; speed: number }
  /** Another speed, for a run that is playing. */
  | { type: "speed"; speed: number }
  | { type: "pause" }
  | { type: "step"; unit: StepUnit }
  /** Run to the end of the experiment, drawing only now and then. */
  | { type: "finish" }
  /** Go to a tick, back or ahead, and pause there; the answer comes on arrival, or when something else came between. */
  | { type: "seek"; tick: number; ask: number }
  /** With `ask`, whoever gave the commands hears what came of them; otherwise a failure is told to all. */
  | { type: "inject"; commands: Command[]; ask?: number }
  | { type: "select"; id: bigint | null }
  /** The last frame was taken: the next may come. */
  | { type: "drawn" }
  /** At most this many messages are worth drawing. */
  | { type: "limit"; messages: number }
  /** Whether reports are to tell the shape of the graph. */
  | { type: "watch"; shape: boolean }
  | { type: "looking"; looking: Looking }
  /** Look at once, whatever it costs. */
  | { type: "look" }
  | { type: "ask"; ask: number; what: "link" | "scenario" | "seed" };

/** What the worker is doing. */
export type Mode =
  | { kind: "paused" }
  | { kind: "playing"; speed: number }
  /** Running to a tick without stopping to look: to check a link, to the end of the experiment, or to a tick that somebody wants to see. */
  | { kind: "rushing"; from: number; to: number; why: "check" | "finish" | "seek" };

/** A run that was just opened. */
export interface RunInfo {
  preset: string;
  seed: Decimal;
  /** Ticks in a round. */
  ticksPerRound: number;
  /** Length of the experiment in rounds. */
  rounds: number;
  /** The scenario as it was opened, with its commands. */
  scenario: ScenarioInput;
  /** The knobs as the preset has them. */
  baseline: Knob[];
}

/** One picture, and how long it lasts: motion runs from `frame.tick` towards `until`, which it would reach after `span` milliseconds. */
export interface Shot {
  frame: Frame;
  until: number;
  span: number;
  /** Milliseconds that a tick with events lasts at the present speed; zero as fast as possible, or while nothing moves. */
  slot: number;
  /** How far motion goes: 1 while playing, since the next picture follows; less where it comes to rest. */
  rest: number;
  /** The selected peer at the same tick, so that its contacts are indices of this very frame. */
  detail: PeerDetail | null;
}

/** Numbers, at a rate a person can read. Absent parts have not changed. */
export interface Report {
  mode: Mode;
  metrics: Metrics;
  verdict: Verdict;
  /** Only while paused: taking it at every report would cost time. */
  fingerprint: string | null;
  detail: PeerDetail | null;
  history?: History;
  shape?: Shape;
  knobs?: Knob[];
  commands?: TimedCommand[];
  refused?: Refusal[];
  notices?: Problem[];
  inspection?: Inspection;
}

/** How all properties stood at a tick. */
export interface Inspection {
  tick: number;
  /** How often what must always hold has been looked at. */
  looks: number;
  states: PropertyState[];
}

export type TimedCommand = { at: number } & Command;

export type FromWorker =
  | { type: "ready"; presets: Preset[] }
  | { type: "opened"; run: RunInfo; knobs: Knob[]; commands: TimedCommand[] }
  | { type: "shot"; shot: Shot }
  | { type: "report"; report: Report }
  /** The experiment's length was reached. */
  | { type: "ended" }
  | { type: "failed"; failure: Failure; doing: "start" | "open" | "inject" }
  | { type: "panicked"; message: string; link: string | null }
  | { type: "unloadable"; message: string }
  | { type: "answer"; ask: number; value: Answer };

/** What the page says to the worker that checks claims. */
export type ToChecker = { type: "check"; ids: string[]; quick: boolean };

export type FromChecker =
  /** It can be given a check. */
  | { type: "ready"; claims: Claim[] }
  /** How far a check is, and what it has found since it last said so. */
  | { type: "checked"; done: number; size: number; findings: Finding[]; over: boolean }
  | { type: "panicked"; message: string }
  | { type: "unloadable"; message: string };

export type Answer = { done: true } | { link: string } | { failure: Failure } | { scenario: ScenarioInput } | { seed: Decimal };
