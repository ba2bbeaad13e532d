/**
 * State of the page as signals. Views read them and set their own choices; `actions.ts` and
 * `workerClient.ts` alone change the run.
 */
import { computed, effect, signal } from "@preact/signals";
import type { Arc } from "../ring/scene";
import type { ClaimOfRun, Inspection, Mode, MonitorMode, RunInfo, TimedCommand } from "../worker/workerMessages";
import type { BlockMap, CacheView, Column, ForkRows, Frame, History, Knob, KnobValue, Metrics, PeerDetail, PoolView, Preset, Problem, RadioMap, Refusal, ReproductionStatus, RingHistory, SessionRows, Shape } from "../wasm/ringside_wasm.js";
import { remembered } from "./remembered";

/** Error that prevents a run. */
export type PageError =
  | { kind: "problems"; title: string; problems: Problem[]; recoverable: boolean }
  | { kind: "panic"; message: string; link: string | null }
  | { kind: "unloadable"; message: string };

export interface Toast {
  text: string;
  /** Action that is offered, such as the way back. */
  action?: { label: string; run: () => void };
  /** Text to be copied by hand, if the clipboard is unavailable. */
  copy?: string;
}

export type Tab = "measure" | "commands" | "knobs" | "invariants" | "claims" | "run";
export type Definition = "share" | "perQuery";
export type Theme = "auto" | "light" | "dark";

/** Rounds per second, in the order of the keys 1 to 8. */
export const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 30, Infinity] as const;

export const loading = signal(true);
/** Whether loading takes longer than it should. */
export const isSlow = signal(false);
/** Description of the run that is being opened; null if none is. */
export const opening = signal<string | null>(null);
export const presets = signal<Preset[]>([]);
/** Columns of a history, from the table of metrics of the core. */
export const columns = signal<Column[]>([]);
export const run = signal<RunInfo | null>(null);
/** Name of the example that is open; null for any other run. */
export const example = signal<string | null>(null);
/** Claim whose run is open; null for any other run. */
export const claim = signal<ClaimOfRun | null>(null);
export const mode = signal<Mode>({ kind: "paused" });
export const metrics = signal<Metrics | null>(null);
export const history = signal<History | null>(null);
/** Shape of the graph, while it is subscribed to. */
export const shape = signal<Shape | null>(null);
/** Space-time diagram of the ring, while it is subscribed to. */
export const ringHistory = signal<RingHistory | null>(null);
/** Sessions of all hosts, while they are shown. */
export const sessions = signal<SessionRows | null>(null);
/** Chains that fork, while they are shown. */
export const forks = signal<ForkRows | null>(null);
/** The latest blocks, while they are shown. */
export const blocks = signal<BlockMap | null>(null);
/** The peer cache of a host, while it is shown. */
export const cache = signal<CacheView | null>(null);
/** The managed peers of a host, while they are shown. */
export const pool = signal<PoolView | null>(null);
/** Map of the radios, while it is shown. */
export const radio = signal<RadioMap | null>(null);
/** Link that the run was opened from and still agrees with: null after a command. */
export const openedLink = signal<string | null>(null);
/** Link in the address bar, which is always one to the present run; null if there is none. */
export const address = signal<string | null>(null);
/** Comparison with the outcome recorded in the link that the run was opened from. */
export const reproduction = signal<ReproductionStatus>({ kind: "none" });
export const fingerprint = signal<string | null>(null);
export const knobs = signal<Knob[]>([]);
export const commands = signal<TimedCommand[]>([]);
/** Commands of the scenario that were refused. */
export const refused = signal<Refusal[]>([]);
/** Warnings about the configuration in force. */
export const notices = signal<Problem[]>([]);
export const ended = signal(false);
/** Tick of the last frame, on the ring; null before the first one. */
export const frameTick = signal<number | null>(null);
/** Highest tick that this run has reached: the time scale extends to it. */
export const reached = signal(0);
/** Result of the last check of all properties. */
export const inspection = signal<Inspection | null>(null);

export const selected = signal<bigint | null>(null);
export const detail = signal<PeerDetail | null>(null);
/** Knob values changed on the page since the run was opened, by path. */
export const edits = signal<ReadonlyMap<string, KnobValue>>(new Map());
/** Peers that a message of the page refers to, marked on the ring. */
export const marked = signal<readonly bigint[]>([]);
/** Arc of a partition that is being set up. */
export const preview = signal<Arc | null>(null);
/** Descriptions of the partitions and held links, and whether partitions are in force at this moment. */
export const barriers = signal<Pick<Frame, "barriers" | "holds">>({ barriers: [], holds: true });
/** Numbers of messages drawn and in flight, and of peers, in the last frame. */
export const frameLimits = signal({ messages: 0, inFlight: 0, peers: 0 });
/** Id of the command form that is open. */
export const openForm = signal<string | null>(null);

export const speed = signal(2);
export const tab = signal<Tab>("measure");
export const definition = remembered<Definition>("definition", "share", ["share", "perQuery"]);
export const monitorMode = remembered<MonitorMode>("looking", "sampled", ["off", "sampled", "ticks"]);
export const theme = remembered<Theme>("theme", "auto", ["auto", "light", "dark"]);
export const singleKeys = remembered<"on" | "off">("keys", "on", ["on", "off"]);
export const pageError = signal<PageError | null>(null);
export const toast = signal<Toast | null>(null);
/** Milliseconds from which on the page says that it waits. */
export const LONG_MS = 300;
/** Work that the page has waited for that long and can cancel; null if there is none. */
export const waiting = signal<"link" | "fingerprint" | null>(null);
export const shortcutsOpen = signal(false);

/** Whether peers run the lifecycle of documents 000 and 001. */
export const hasLifecycle = computed(() => knobs.value.find(({ path }) => path === "stack.lifecycle")?.value !== false);
/** Whether hosts hold sessions of document 002. */
export const hasSessions = computed(() => metrics.value?.sessions !== undefined);
export const busy = computed(() => mode.value.kind !== "paused");
export const playing = computed(() => mode.value.kind === "playing");

/** Edits that take effect after a restart: those of knobs that cannot change while the world runs. */
export const pendingEdits = computed(() => {
  const fixed = new Map(knobs.value.filter((knob) => !knob.live).map((knob) => [knob.path, knob.value]));
  return [...edits.value].filter(([path, value]) => fixed.has(path) && fixed.get(path) !== value);
});

/** Says that a large world finishes its tick and computes its fingerprint, if it does for long. */
effect(() => {
  const isAwaited = run.value !== null && mode.value.kind === "paused" && fingerprint.value === null;
  if (!isAwaited && waiting.peek() === "fingerprint") waiting.value = null;
  if (!isAwaited) return;
  const timer = setTimeout(() => (waiting.value ??= "fingerprint"), LONG_MS);
  return () => clearTimeout(timer);
});
