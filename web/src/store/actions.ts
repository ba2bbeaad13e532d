/** Actions of the page. Views, keys and files call them; nothing else changes a run. */
import { idAtPosition, hexOf } from "../ring/ids";
import { STATUS } from "../protocol/peerStates";
import { restartInput } from "./scenario";
import { formHash, readHash } from "../share/link";
import type { Command, KnobValue, Problem, ScenarioInput } from "../wasm/ringside_wasm.js";
import type { MonitorMode, StepUnit } from "../worker/workerMessages";
import { peersInView, reconnect, request, seek, send, tryCommand as sendCommand } from "./workerClient";
import * as store from "./store";
import { problemText, openingText } from "./text";

/** Preset that opens if the URL names no run. */
const DEFAULT_PRESET = "seed-000";

export function boot(): void {
  // The default experiment plays at once, unless reduced motion is preferred; a link pauses at its tick.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) store.mode.value = { kind: "playing", speed: speedNow() };
  openAddress();
}

/** Opens the run of the URL. */
export function openAddress(): void {
  const found = readHash(location.hash);
  if (found.kind === "none") return openDefault();
  if (found.kind === "link") {
    store.example.value = null;
    store.opening.value = "Opening the world of a link…";
    return send({ type: "open", link: found.payload });
  }
  store.pageError.value = {
    kind: "problems", title: "This link cannot be opened", problems: [found.problem], recoverable: store.run.value !== null,
  };
}

export function openDefault(): void {
  clearAddress();
  store.pageError.value = null;
  const preset = store.presets.value.find(({ name }) => name === DEFAULT_PRESET) ?? store.presets.value[0];
  if (preset) start({ preset: preset.name });
}

export function openPreset(preset: string): void {
  clearAddress();
  start({ preset });
}

/** Opens a scenario; `example` is its name if it is one of the examples. */
export function openScenario(input: ScenarioInput, example: string | null = null): void {
  clearAddress();
  start(input);
  store.example.value = example;
}

function start(input: ScenarioInput): void {
  store.example.value = null;
  store.edits.value = new Map();
  store.opening.value = openingText(input);
  // A run that has ended was not paused by the user: the next one plays.
  const plays = store.playing.value || store.ended.value;
  send({ type: "start", input, play: plays ? speedNow() : null });
}

/** Restarts the run with its original seed and commands, or another seed, and the present knobs. */
export function restart(seed?: string): void {
  const run = store.run.value;
  if (!run) return;
  const input = restartInput(run.scenario, store.edits.value, seed);
  if (seed !== undefined || store.edits.value.size > 0) clearAddress();
  const { value: example } = store.example;
  start(input);
  store.example.value = example;
}

export async function newSeed(): Promise<void> {
  const response = await request("seed");
  if ("seed" in response) restart(response.seed);
}

export function play(): void {
  store.ended.value = false;
  // Set before the worker reports it, so that a second press of the key pauses.
  store.mode.value = { kind: "playing", speed: speedNow() };
  send({ type: "play", speed: speedNow() });
}

export function pause(): void {
  store.mode.value = { kind: "paused" };
  send({ type: "pause" });
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
  send({ type: "inject", commands });
}

/** Gives a command; resolves to the reasons of its refusal. */
export function tryCommand(command: Command): Promise<Problem[]> {
  store.pageError.value = null;
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

export async function share(): Promise<void> {
  const response = await request("link");
  if ("failure" in response) store.toast.value = { text: problemText(response.failure.problems) };
  if (!("link" in response)) return;
  history.replaceState(null, "", formHash(response.link));
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

/** Removes the link from the URL, which would open another run when reloaded. */
function clearAddress(): void {
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
}
