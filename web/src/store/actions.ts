/** The verbs of the page. Views, keys and files call these; nothing else changes a run. */
import { idAtTurn, hexOf } from "../ring/ids";
import { STATUS } from "../ring/scene";
import { restartInput } from "./scenario";
import { formHash, readHash } from "../share/link";
import type { Command, KnobValue, Problem, ScenarioInput } from "../wasm/ringside_wasm.js";
import type { Looking, StepUnit } from "../worker/protocol";
import { ask, attempt as attemptOnWire, peersInView, reconnect, seek, send } from "./wire";
import * as store from "./store";
import { inWords, openingInWords } from "./words";

/** What the page opens when the address asks for nothing else. */
const DEFAULT_PRESET = "seed-000";

export function boot(): void {
  // A fresh experiment moves at once, unless motion is unwelcome; a link that is opened comes to rest at its tick.
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) store.mode.value = { kind: "playing", speed: speedNow() };
  openAddress();
}

/** Open what the address bar says. */
export function openAddress(): void {
  const found = readHash(location.hash);
  if (found.kind === "none") return openDefault();
  if (found.kind === "link") {
    store.example.value = null;
    store.opening.value = "Opening the world of a link…";
    return send({ type: "open", link: found.payload });
  }
  store.trouble.value = {
    kind: "problems", title: "This link cannot be opened", problems: [found.problem], recoverable: store.run.value !== null,
  };
}

export function openDefault(): void {
  clearAddress();
  store.trouble.value = null;
  const preset = store.presets.value.find(({ name }) => name === DEFAULT_PRESET) ?? store.presets.value[0];
  if (preset) start({ preset: preset.name });
}

export function openPreset(preset: string): void {
  clearAddress();
  start({ preset });
}

/** Open a scenario that somebody wrote; `example` is its name where the project did. */
export function openScenario(input: ScenarioInput, example: string | null = null): void {
  clearAddress();
  start(input);
  store.example.value = example;
}

function start(input: ScenarioInput): void {
  store.example.value = null;
  store.edits.value = new Map();
  store.opening.value = openingInWords(input);
  // Nobody has stopped a run that has come to its end.
  const goesOn = store.playing.value || store.ended.value;
  send({ type: "start", input, play: goesOn ? speedNow() : null });
}

/** From the beginning: the same seed and commands as the run was opened with, and the knobs as they stand. */
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
  const answer = await ask("seed");
  if ("seed" in answer) restart(answer.seed);
}

export function play(): void {
  store.ended.value = false;
  // The worker will say so too; until then a second press of the key must mean the opposite.
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

/** Go to a tick, back or ahead, and pause there; whether it was reached. */
export async function goTo(tick: number): Promise<boolean> {
  store.ended.value = false;
  await seek(Math.max(0, Math.round(tick)));
  return store.metrics.peek()?.tick === Math.round(tick);
}

/** To the beginning of this round, or of the one before. */
export function backOneRound(): void {
  const perRound = store.run.peek()?.ticksPerRound ?? 1;
  const tick = store.metrics.peek()?.tick ?? 0;
  if (tick > 0) void goTo((Math.ceil(tick / perRound) - 1) * perRound);
}

export function setLooking(looking: Looking): void {
  store.looking.value = looking;
  store.inspection.value = null;
  send({ type: "looking", looking });
}

export function lookNow(): void {
  send({ type: "look" });
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
  store.trouble.value = null;
  send({ type: "inject", commands });
}

/** Give a command; what is wrong with it is told to whoever gave it. */
export function attempt(command: Command): Promise<Problem[]> {
  store.trouble.value = null;
  return attemptOnWire(command);
}

/** Do something to the selected peer, or to a random one that it can be done to. */
export function injectPeer(kind: "leave" | "crash" | "return" | "pause" | "resume" | "isolate"): void {
  const id = store.selected.value ?? randomPeer(kind === "return");
  if (id === null) {
    store.toast.value = { text: kind === "return" ? "No peer has crashed." : "No peer is running." };
    return;
  }
  inject({ kind, peer: hexOf(id) });
}

/** Which peer a person hits by chance is no part of the run: the command that results is. */
function randomPeer(crashed: boolean): bigint | null {
  const { ids, status } = peersInView();
  const able = [...ids].filter((_, i) => (status[i] === STATUS.crashed) === crashed);
  return able[Math.floor(Math.random() * able.length)] ?? null;
}

/** Cut the arc that begins at `from` and is `width` turns wide. */
export function cut(from: number, width: number): void {
  inject({ kind: "cut", from: hexOf(idAtTurn(from)), to: hexOf(idAtTurn(from + width)) });
}

export function heal(): void {
  inject({ kind: "heal" });
}

/** Turn a knob: at once where the world allows it, otherwise at the next restart. */
export function setKnob(path: string, value: KnobValue): void {
  const knob = store.knobs.value.find((candidate) => candidate.path === path);
  if (!knob) return;
  const edits = new Map(store.edits.value);
  edits.set(path, value);
  store.edits.value = edits;
  if (knob.live && knob.value !== value) inject({ kind: "set", path, value });
}

export async function share(): Promise<void> {
  const answer = await ask("link");
  if ("failure" in answer) store.toast.value = { text: inWords(answer.failure.problems) };
  if (!("link" in answer)) return;
  history.replaceState(null, "", formHash(answer.link));
  await copy(location.href, "Link copied. It reproduces this run, bit for bit.");
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    store.toast.value = { text: done };
  } catch {
    // Not allowed, or not a secure origin: offer the text itself.
    store.toast.value = { text: "The clipboard is not available here. Copy the link:", copy: text };
  }
}

export function recover(): void {
  store.trouble.value = null;
  reconnect(() => openDefault());
}

/** The address describes another run: reloading it must not surprise. */
function clearAddress(): void {
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
}
