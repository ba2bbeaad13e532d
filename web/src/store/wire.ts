/** The page's end of the wire: starts the worker, and writes what it reports into the store. */
import { batch } from "@preact/signals";
import type { Command, Frame, Problem } from "../wasm/ringside_wasm.js";
import type { Answer, FromWorker, Report, Shot, ToWorker } from "../worker/protocol";
import * as store from "./store";
import { inWords } from "./words";

type ShotListener = (shot: Shot) => void;

let worker: Worker | null = null;
/** What was said before the worker could listen; null once it can. */
let early: ToWorker[] | null = [];
const shotListeners = new Set<ShotListener>();
let lastShot: Shot | null = null;
let asked = 0;
let watchesShape = false;
const asks = new Map<number, (answer: Answer) => void>();

/** Start the worker. `whenReady` is called once, when runs can be opened. */
export function connect(whenReady: () => void): void {
  worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = (event: MessageEvent<FromWorker>) => receive(event.data, whenReady);
  worker.onerror = (event) => {
    event.preventDefault();
    unloadable(event.message || "The worker could not be started.");
  };
}

/** After a panic the instance is of no more use: a new worker takes its place. */
export function reconnect(whenReady: () => void): void {
  worker?.terminate();
  early = [];
  asks.clear();
  lastShot = null;
  connect(whenReady);
}

export function send(message: ToWorker): void {
  if (early) early.push(message);
  else worker?.postMessage(message);
}

/** Have reports tell the shape of the graph, or not: computing it takes time. */
export function watchShape(on: boolean): void {
  watchesShape = on;
  send({ type: "watch", shape: on });
}

/** Go to a tick; resolves on arrival, or when something else came between. */
export async function seek(tick: number): Promise<void> {
  await answered((id) => send({ type: "seek", tick, ask: id }));
}

export function ask(what: "link" | "scenario" | "seed"): Promise<Answer> {
  return answered((id) => send({ type: "ask", ask: id, what }));
}

/** Give a command, and hear what came of it. */
export async function attempt(command: Command): Promise<Problem[]> {
  const answer = await answered((id) => send({ type: "inject", commands: [command], ask: id }));
  return "failure" in answer ? answer.failure.problems : [];
}

function answered(post: (id: number) => void): Promise<Answer> {
  asked += 1;
  const id = asked;
  post(id);
  return new Promise((resolve) => asks.set(id, resolve));
}

/** A picture comes sixty times a second; the words change when somebody does something. */
function noteBarriers({ barriers, holds }: Frame): void {
  const now = store.barriers.peek();
  if (holds !== now.holds || barriers.join() !== now.barriers.join()) store.barriers.value = { barriers, holds };
}

/** Pictures do not pass through the store: who draws them takes them as they come. */
export function listenToShots(listener: ShotListener): () => void {
  shotListeners.add(listener);
  if (lastShot) listener(lastShot);
  return () => void shotListeners.delete(listener);
}

/** The ids of the peers in the last picture. */
export function peersInView(): { ids: BigUint64Array; status: Uint8Array } {
  return { ids: lastShot?.frame.peerId ?? new BigUint64Array(), status: lastShot?.frame.status ?? new Uint8Array() };
}

function receive(message: FromWorker, whenReady: () => void): void {
  switch (message.type) {
    case "ready":
      store.presets.value = message.presets;
      store.loading.value = false;
      flush();
      send({ type: "watch", shape: watchesShape });
      send({ type: "looking", looking: store.looking.peek() });
      return whenReady();
    case "opened":
      return opened(message);
    case "shot":
      lastShot = message.shot;
      noteBarriers(message.shot.frame);
      for (const listener of shotListeners) listener(message.shot);
      return;
    case "report":
      return batch(() => report(message.report));
    case "ended":
      store.ended.value = true;
      return;
    case "failed":
      return failed(message);
    case "panicked":
      store.opening.value = null;
      store.trouble.value = { kind: "panic", message: message.message, link: message.link };
      store.mode.value = { kind: "paused" };
      return;
    case "unloadable":
      return unloadable(message.message);
    case "answer":
      asks.get(message.ask)?.(message.value);
      asks.delete(message.ask);
  }
}

function flush(): void {
  const waiting = early ?? [];
  early = null;
  waiting.forEach(send);
}

function opened(message: FromWorker & { type: "opened" }): void {
  batch(() => {
    store.opening.value = null;
    store.run.value = message.run;
    store.knobs.value = message.knobs;
    store.commands.value = message.commands;
    store.refused.value = [];
    store.notices.value = [];
    store.trouble.value = null;
    store.ended.value = false;
    store.selected.value = null;
    store.detail.value = null;
    store.history.value = null;
    store.shape.value = null;
    store.preview.value = null;
    store.reached.value = 0;
    store.inspection.value = null;
    store.marked.value = [];
  });
}

/** At the pace of reports, not of pictures. */
function noteLimits(): void {
  const frame = lastShot?.frame;
  if (frame) store.drawn.value = { messages: frame.messageKind.length, inFlight: frame.inFlight, peers: frame.peerId.length };
}

function report(news: Report): void {
  noteLimits();
  store.mode.value = news.mode;
  store.metrics.value = news.metrics;
  store.reached.value = Math.max(store.reached.peek(), news.metrics.tick);
  if (news.inspection) store.inspection.value = news.inspection;
  store.verdict.value = news.verdict;
  store.fingerprint.value = news.fingerprint;
  store.detail.value = news.detail;
  if (news.shape) store.shape.value = news.shape;
  if (news.history) store.history.value = news.history;
  if (news.knobs) store.knobs.value = news.knobs;
  if (news.refused) store.refused.value = news.refused;
  if (news.notices) store.notices.value = news.notices;
  if (news.commands) store.commands.value = news.commands;
}

const TITLES = {
  start: "This scenario cannot be run",
  open: "This link cannot be opened",
  inject: "This command was refused",
} as const;

function failed(message: FromWorker & { type: "failed" }): void {
  const { problems } = message.failure;
  if (message.doing !== "inject") store.opening.value = null;
  if (message.doing === "inject") {
    store.toast.value = { text: inWords(problems) };
    return;
  }
  store.trouble.value = {
    kind: "problems", title: TITLES[message.doing], problems, recoverable: store.run.value !== null,
  };
}

function unloadable(message: string): void {
  store.loading.value = false;
  store.trouble.value = { kind: "unloadable", message };
}
