/** The one store: what the page knows. Views read it and set what is theirs to choose; a run changes only through `actions.ts` and `wire.ts`. */
import { computed, signal } from "@preact/signals";
import type { Arc } from "../ring/scene";
import type { Inspection, Looking, Mode, RunInfo, TimedCommand } from "../worker/protocol";
import type { Frame, History, Knob, KnobValue, Metrics, PeerDetail, Preset, Problem, Refusal, Shape, Verdict } from "../wasm/ringside_wasm.js";
import { remembered } from "./remembered";

/** What stands in the way of a run, if anything does. */
export type Trouble =
  | { kind: "problems"; title: string; problems: Problem[]; recoverable: boolean }
  | { kind: "panic"; message: string; link: string | null }
  | { kind: "unloadable"; message: string };

export interface Toast {
  text: string;
  /** Shown to be copied by hand where the clipboard is refused. */
  copy?: string;
}

export type Tab = "measure" | "disturb" | "knobs" | "watch" | "claims" | "run";
export type Definition = "share" | "perQuery";
export type Theme = "auto" | "light" | "dark";

/** Rounds per second, in the order of the keys 1 to 8. */
export const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 30, Infinity] as const;

export const loading = signal(true);
/** What is being opened, in words, until it is there. */
export const opening = signal<string | null>(null);
export const presets = signal<Preset[]>([]);
export const run = signal<RunInfo | null>(null);
/** The name of the example that was opened last, while no other run has been. */
export const example = signal<string | null>(null);
export const mode = signal<Mode>({ kind: "paused" });
export const metrics = signal<Metrics | null>(null);
export const history = signal<History | null>(null);
/** The shape of the graph, while somebody looks at it. */
export const shape = signal<Shape | null>(null);
export const verdict = signal<Verdict>({ kind: "none" });
export const fingerprint = signal<string | null>(null);
export const knobs = signal<Knob[]>([]);
export const commands = signal<TimedCommand[]>([]);
/** Commands of the scenario that could not be carried out. */
export const refused = signal<Refusal[]>([]);
/** What about the rules is probably not meant, though a run can be made by them. */
export const notices = signal<Problem[]>([]);
export const ended = signal(false);
/** The furthest tick that this run has come to: the scale of time reaches that far. */
export const reached = signal(0);
/** How what must hold stood when it was last looked at. */
export const inspection = signal<Inspection | null>(null);

export const selected = signal<bigint | null>(null);
export const detail = signal<PeerDetail | null>(null);
/** Values that a person changed from what the run was opened with, by path. */
export const edits = signal<ReadonlyMap<string, KnobValue>>(new Map());
/** Peers that something is said about, shown on the ring. */
export const marked = signal<readonly bigint[]>([]);
export const preview = signal<Arc | null>(null);
/** What stands between peers, in words, and whether it holds at this moment. */
export const barriers = signal<Pick<Frame, "barriers" | "holds">>({ barriers: [], holds: true });
/** How many messages are in flight, and how many of them the ring shows. */
export const drawn = signal({ messages: 0, inFlight: 0, peers: 0 });
/** The form that is open among the disturbances, by its id. */
export const disturbance = signal<string | null>(null);

export const speed = signal(2);
export const tab = signal<Tab>("measure");
export const definition = remembered<Definition>("definition", "share", ["share", "perQuery"]);
export const looking = remembered<Looking>("looking", "sampled", ["off", "sampled", "ticks"]);
export const theme = remembered<Theme>("theme", "auto", ["auto", "light", "dark"]);
export const singleKeys = remembered<"on" | "off">("keys", "on", ["on", "off"]);
export const trouble = signal<Trouble | null>(null);
export const toast = signal<Toast | null>(null);
export const sheet = signal(false);

export const busy = computed(() => mode.value.kind !== "paused");
export const playing = computed(() => mode.value.kind === "playing");

/** Edits that wait for a restart: those of knobs that cannot be turned while the world runs. */
export const waiting = computed(() => {
  const fixed = new Map(knobs.value.filter((knob) => !knob.live).map((knob) => [knob.path, knob.value]));
  return [...edits.value].filter(([path, value]) => fixed.has(path) && fixed.get(path) !== value);
});
