/** Actions of the page. Views, keys and files call them; nothing else changes a run. */
import { idAtPosition, hexOf } from "../ring/ids";
import { STATUS } from "../protocol/peerStates";
import { restartInput } from "./scenario";
import { readHash } from "../share/link";
import type { Claim, Command, KnobValue, Problem } from "../wasm/ringside_wasm.js";
import type { MonitorMode, Origin, Source, StepUnit } from "../worker/workerMessages";
import { order, peersInView, reconnect, request, seek, send, tryCommand as sendCommand } from "./workerClient";
import { count, plural } from "../ui/format";
import * as browserHistory from "./browserHistory";
import type { Snapshot } from "./browserHistory";
import * as store from "./store";
import type { Toast } from "./store";
import { problemText, openingText } from "./text";

/** Preset that opens if the URL names no run. */
const DEFAULT_PRESET = "seed-000";

export function boot(): void {
  // The default experiment plays at once, unless reduced motion is preferred; a link pauses at its tick.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) store.mode.value = { kind: "playing", speed: speedNow() };
  returnToEntry();
}

/** Opens the run of the current entry of the history: that of its link, or the one that it showed. */
export function returnToEntry(): void {
  const kept = browserHistory.remembered();
  if (!kept) return openAddress();
  if ((kept.input.commands ?? []).length > 0) return reopen(kept, false);
  open({ kind: "scenario", input: kept.input }, { example: kept.example, claim: kept.claim, edits: kept.edits, base: kept.base, isNewEntry: false });
}

/** Opens the run of the URL. */
export function openAddress(): void {
  const found = readHash(location.hash);
  if (found.kind === "none") return openDefault();
  if (found.kind === "link") return openLink(found.payload);
  store.pageError.value = {
    kind: "problems", title: "This link cannot be opened", problems: [found.problem], recoverable: store.run.value !== null,
  };
}

export function openDefault(): void {
  store.pageError.value = null;
  const preset = store.presets.value.find(({ name }) => name === DEFAULT_PRESET) ?? store.presets.value[0];
  if (preset) openPreset(preset.name);
}

export function openPreset(preset: string): void {
  offerWayBack();
  open({ kind: "scenario", input: { preset } });
}

/** Opens the file of a scenario; `example` is its name if it is one of the examples. */
export function openFile(bytes: Uint8Array, name: string, example: string | null = null): void {
  offerWayBack();
  open({ kind: "file", bytes, name }, { example });
}

/** Closes the notice of an error; the address is that of the present run again. */
export function keepRun(): void {
  store.pageError.value = null;
  browserHistory.restoreAddress();
}

/** Opens the run of a claim, and runs to its end, at which the claim is judged. */
export function openClaim({ link, text, expected, measure }: Claim): void {
  offerWayBack();
  store.opening.value = "Opening the run of a claim…";
  store.tab.value = "measure";
  send({ type: "open", source: { kind: "link", link }, origin: { ...NO_ORIGIN, link, claim: { text, expected, measure } }, then: "end" });
}

function openLink(link: string): void {
  store.opening.value = "Opening the world of a link…";
  send({ type: "open", source: { kind: "link", link }, origin: { ...NO_ORIGIN, link, isNewEntry: false }, then: null });
}

const NO_ORIGIN: Origin = { link: null, example: null, claim: null, isNewEntry: true, base: null, edits: [] };

function open(source: Source, origin: Partial<Origin> = {}): void {
  store.opening.value = openingText(source);
  // A run that has ended was not paused by the user: the next one plays.
  const plays = store.playing.value || store.ended.value;
  send({
    type: "open", source, origin: { ...NO_ORIGIN, ...origin },
    then: plays ? { play: speedNow() } : null,
  });
}

/** Opens a run as it was, paused at its tick. */
export function reopen({ input, tick, link, ...rest }: Snapshot, isNewEntry: boolean): void {
  const source: Source = link === null ? { kind: "scenario", input } : { kind: "link", link };
  store.opening.value = openingText(source);
  send({ type: "open", source, origin: { ...rest, link, isNewEntry }, then: { at: tick } });
}

/** Gives up the run that is being opened, and returns to the present one: making a large world cannot be interrupted. */
export function cancelOpening(): void {
  const kept = browserHistory.snapshot();
  if (!kept) return;
  browserHistory.restoreAddress();
  reconnect(() => reopen(kept, false));
}

/** Offers to return to the present run, if it has commands that its experiment does not have. */
function offerWayBack(): void {
  const kept = browserHistory.snapshot();
  const given = commandsGiven();
  if (!kept) return;
  browserHistory.keep();
  if (given === 0) return;
  store.toast.value = { text: `The run before had ${plural(given, "command")} of yours.`, action: undo(kept) };
}

/** Number of commands given on the page since the run was opened. */
function commandsGiven(): number {
  return store.commands.peek().length - (store.run.peek()?.scenario.commands?.length ?? 0);
}

function undo(kept: Snapshot): NonNullable<Toast["action"]> {
  return { label: "Undo", run: () => reopen(kept, true) };
}

/** Restarts the run with its original seed and commands, or another seed, and the present knobs. */
export function restart(seed?: string): void {
  const run = store.run.value;
  if (!run) return;
  const isSame = seed === undefined && store.edits.value.size === 0 && commandsGiven() === 0;
  const link = isSame ? store.address.value : null;
  const isNewEntry = !isSame && (commandsGiven() > 0 || store.address.value !== null);
  offerWayBack();
  const input = restartInput(run.scenario, store.edits.value, seed);
  open({ kind: "scenario", input }, { example: store.example.value, link, isNewEntry });
}

export async function newSeed(): Promise<void> {
  const response = await request("seed");
  if ("seed" in response) restart(response.seed);
}

export function play(): void {
  store.ended.value = false;
  // Set before the worker reports it, so that a second press of the key pauses.
  store.mode.value = { kind: "playing", speed: speedNow() };
  order({ type: "play", speed: speedNow() });
}

export function pause(): void {
  store.mode.value = { kind: "paused" };
  order({ type: "pause" });
}

export function toggle(): void {
  if (store.busy.value) pause();
  else play();
}

export function step(unit: StepUnit): void {
  send({ type: "step", unit });
}

/** Goes to a tick, back or ahead, and pauses there; resolves to whether it was reached. */
export async function goTo(tick: number): Promise<boolean> {
  store.ended.value = false;
  await seek(Math.max(0, Math.round(tick)));
  return store.metrics.peek()?.tick === Math.round(tick);
}

/** Goes to the start of this round, or of the previous one. */
export function backOneRound(): void {
  const perRound = store.run.peek()?.ticksPerRound ?? 1;
  const tick = store.metrics.peek()?.tick ?? 0;
  if (tick > 0) void goTo((Math.ceil(tick / perRound) - 1) * perRound);
}

export function setMonitorMode(mode: MonitorMode): void {
  store.monitorMode.value = mode;
  store.inspection.value = null;
  send({ type: "monitor", mode });
}

export function checkNow(): void {
  send({ type: "checkNow" });
}

export function finish(): void {
  send({ type: "finish" });
}

export function setSpeed(index: number): void {
  store.speed.value = Math.max(0, Math.min(store.SPEEDS.length - 1, index));
  send({ type: "speed", speed: speedNow() });
}

function speedNow(): number {
  return store.SPEEDS[store.speed.value] ?? 1;
}

export function select(id: bigint | null): void {
  store.selected.value = id;
  if (id === null) store.detail.value = null;
  send({ type: "select", id });
}

export function inject(...commands: Command[]): void {
  store.pageError.value = null;
  announceLoss();
  send({ type: "inject", commands });
}

/** Says what a command at the present tick abandons, and offers the way back. */
function announceLoss(): void {
  const kept = browserHistory.snapshot();
  if (!kept) return;
  const reached = store.reached.peek();
  const text = kept.tick < reached
    ? `The run changes from tick ${count(kept.tick)} on: what came after, up to tick ${count(reached)}, is gone.`
    : kept.link === null ? null : "The run is no longer that of the link.";
  if (text === null) return;
  browserHistory.keep();
  store.toast.value = { text, action: undo(kept) };
}

/** Gives a command; resolves to the reasons of its refusal. */
export function tryCommand(command: Command): Promise<Problem[]> {
  store.pageError.value = null;
  announceLoss();
  return sendCommand(command);
}

/** Applies a command to the selected peer, or to a random peer in a suitable state. */
export function injectPeer(kind: "leave" | "crash" | "return" | "pause" | "resume" | "isolate"): void {
  const id = store.selected.value ?? randomPeer(kind === "return");
  if (id === null) {
    store.toast.value = { text: kind === "return" ? "No peer has crashed." : "No peer is running." };
    return;
  }
  inject({ kind, peer: hexOf(id) });
}

/**
 * Random peer that has crashed, or that has not. The choice is not part of the run; the resulting command
 * is.
 */
function randomPeer(crashed: boolean): bigint | null {
  const { ids, status } = peersInView();
  const able = [...ids].filter((_, i) => (status[i] === STATUS.crashed) === crashed);
  return able[Math.floor(Math.random() * able.length)] ?? null;
}

/** Partitions the arc from position `from`, `width` of the ring wide, from the rest. */
export function cut(from: number, width: number): void {
  inject({ kind: "cut", from: hexOf(idAtPosition(from)), to: hexOf(idAtPosition(from + width)) });
}

export function heal(): void {
  inject({ kind: "heal" });
}

/** Sets a knob: at once if it can change while the world runs, otherwise at the next restart. */
export function setKnob(path: string, value: KnobValue): void {
  const knob = store.knobs.value.find((candidate) => candidate.path === path);
  if (!knob) return;
  const edits = new Map(store.edits.value);
  edits.set(path, value);
  store.edits.value = edits;
  if (knob.live && knob.value !== value) inject({ kind: "set", path, value });
}

/** Says that work takes long, if it does, until it is done. */
async function waiting<T>(what: "link", work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => (store.waiting.value = what), store.LONG_MS);
  const result = await work;
  clearTimeout(timer);
  if (store.waiting.peek() === what) store.waiting.value = null;
  return result;
}

/** Gives up the link or the fingerprint that the page waits for. */
export function cancelWork(): void {
  store.waiting.value = null;
  send({ type: "cancelWork" });
}

export async function share(): Promise<void> {
  const response = await waiting("link", request("link"));
  if ("failure" in response) store.toast.value = { text: problemText(response.failure.problems) };
  if (!("link" in response)) return;
  browserHistory.show(response.link);
  await copy(location.href, "Link copied. It reproduces this run, bit for bit.");
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    store.toast.value = { text: done };
  } catch {
    // Permission denied, or not a secure origin: the text is offered instead.
    store.toast.value = { text: "The clipboard is not available here. Copy the link:", copy: text };
  }
}

export function recover(): void {
  store.pageError.value = null;
  reconnect(() => openDefault());
}
