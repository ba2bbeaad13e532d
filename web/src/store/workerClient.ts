/** Client of the simulation worker: starts it, sends messages, and writes its reports into the store. */
import { batch } from "@preact/signals";
import type { Command, Frame, PeerDetail, Problem } from "../wasm/ringside_wasm.js";
import type { FrameUpdate, FromWorker, Report, RequestKind, Part, Playback, Response, Source, TimedCommand, ToWorker } from "../worker/workerMessages";
import { namesLayers, readHash } from "../share/link";
import * as browserHistory from "./browserHistory";
import * as store from "./store";
import { problemText } from "./text";

type FrameListener = (update: FrameUpdate) => void;

let worker: Worker | null = null;
/** Messages sent before the worker was ready; null from then on. */
let queued: ToWorker[] | null = [];
const frameListeners = new Set<FrameListener>();
let lastUpdate: FrameUpdate | null = null;
let lastRequestId = 0;
/** Number of the last order to play or to pause that was given to this worker. */
let lastOrder = 0;
/** Views that show each part. */
const subscribed = new Map<Part, number>();
const requests = new Map<number, (response: Response) => void>();

/** Milliseconds after which the page says that loading takes long. */
const SLOW_MS = 6000;

/** Starts the worker. `onReady` is called once, when runs can be opened. */
export function connect(onReady: () => void): void {
  try {
    worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  } catch (reason) {
    // Sandboxed frames and pages opened from disk have no workers.
    return showUnloadable(reason instanceof Error ? reason.message : String(reason));
  }
  setTimeout(() => (store.isSlow.value = true), SLOW_MS);
  const address = readHash(location.hash);
  worker.postMessage({ type: "load", layers: address.kind === "link" && namesLayers(address.payload) } satisfies ToWorker);
  worker.onmessage = (event: MessageEvent<FromWorker>) => receive(event.data, onReady);
  worker.onerror = (event) => {
    event.preventDefault();
    showUnloadable(event.message || "The worker could not be started.");
  };
}

/** Replaces the worker, which is unusable after a panic. */
export function reconnect(onReady: () => void): void {
  worker?.terminate();
  queued = [];
  requests.clear();
  lastOrder = 0;
  lastUpdate = null;
  connect(onReady);
}

export function send(message: ToWorker): void {
  if (queued) queued.push(message);
  else worker?.postMessage(message);
}

/** Tells the worker to play or to pause. */
export function order(what: Playback): void {
  lastOrder += 1;
  send({ ...what, number: lastOrder });
}

/** Makes reports include a part, which is large or takes time; returns the function that ends it. */
export function subscribe(part: Part): () => void {
  const change = (by: number): void => {
    const views = (subscribed.get(part) ?? 0) + by;
    subscribed.set(part, views);
    send({ type: "subscribe", part, on: views > 0 });
  };
  change(1);
  return () => change(-1);
}

/** Goes to a tick; resolves on arrival or on interruption. */
export async function seek(tick: number): Promise<void> {
  await responseTo((requestId) => send({ type: "seek", tick, requestId }));
}

export function request(what: RequestKind): Promise<Response> {
  return responseTo((requestId) => send({ type: "request", requestId, what }));
}

/** Gives a command; resolves to the reasons of its refusal, or to an empty list. */
export async function tryCommand(command: Command): Promise<Problem[]> {
  const response = await responseTo((requestId) => send({ type: "inject", commands: [command], requestId }));
  return "failure" in response ? response.failure.problems : [];
}

function responseTo(post: (requestId: number) => void): Promise<Response> {
  lastRequestId += 1;
  const requestId = lastRequestId;
  post(requestId);
  return new Promise((resolve) => requests.set(requestId, resolve));
}

/**
 * Calls a listener with every frame; returns the function that stops it. Frames bypass the store, which
 * views observe.
 */
export function onFrame(listener: FrameListener): () => void {
  frameListeners.add(listener);
  if (lastUpdate) listener(lastUpdate);
  return () => void frameListeners.delete(listener);
}

/** Ids and states of the peers in the last frame, and the selected peer, whose contacts are indices into them. */
export function peersInView(): { ids: BigUint64Array; status: Uint8Array; detail: PeerDetail | null } {
  const { frame, detail } = lastUpdate ?? { frame: null, detail: null };
  return { ids: frame?.peerId ?? new BigUint64Array(), status: frame?.status ?? new Uint8Array(), detail };
}

function receive(message: FromWorker, onReady: () => void): void {
  switch (message.type) {
    case "loaded":
      store.presets.value = message.presets;
      store.columns.value = message.columns;
      return;
    case "ready":
      store.presets.value = message.presets;
      store.columns.value = message.columns;
      store.loading.value = false;
      flushQueue();
      subscribed.forEach((views, part) => send({ type: "subscribe", part, on: views > 0 }));
      send({ type: "monitor", mode: store.monitorMode.peek() });
      return onReady();
    case "opened":
      return applyOpened(message);
    case "frame":
      lastUpdate = message.update;
      store.frameTick.value = message.update.frame.tick;
      applyBarriers(message.update.frame);
      for (const listener of frameListeners) listener(message.update);
      return;
    case "report":
      return batch(() => applyReport(message.report));
    case "ended":
      store.ended.value = true;
      return;
    case "failed":
      return showFailure(message);
    case "panicked":
      store.opening.value = null;
      store.pageError.value = { kind: "panic", message: message.message, link: message.link };
      store.mode.value = { kind: "paused" };
      return;
    case "unloadable":
      return showUnloadable(message.message);
    case "response":
      requests.get(message.requestId)?.(message.value);
      requests.delete(message.requestId);
  }
}

function flushQueue(): void {
  const messages = queued ?? [];
  queued = null;
  messages.forEach(send);
}

function applyOpened(message: FromWorker & { type: "opened" }): void {
  batch(() => {
    const { origin } = message;
    store.opening.value = null;
    store.example.value = origin.example;
    store.claim.value = origin.claim;
    store.waiting.value = null;
    store.edits.value = new Map(origin.edits);
    store.openedLink.value = origin.link;
    store.metrics.value = null;
    store.fingerprint.value = null;
    store.reproduction.value = { kind: "none" };
    store.run.value = { ...message.run, scenario: origin.base ?? message.run.scenario };
    store.knobs.value = message.knobs;
    store.commands.value = message.commands;
    store.refused.value = [];
    store.notices.value = [];
    store.pageError.value = null;
    store.ended.value = false;
    store.selected.value = null;
    store.detail.value = null;
    store.history.value = null;
    store.shape.value = null;
    store.ringHistory.value = null;
    store.sessions.value = null;
    store.forks.value = null;
    store.radio.value = null;
    store.blocks.value = null;
    store.cache.value = null;
    store.pool.value = null;
    store.preview.value = null;
    store.reached.value = 0;
    store.inspection.value = null;
    store.marked.value = [];
  });
  browserHistory.enter(message.origin);
}

/**
 * Updates the barriers if a frame changes them: frames come sixty times a second, views render on every
 * change.
 */
function applyBarriers({ barriers, holds }: Frame): void {
  const now = store.barriers.peek();
  if (holds !== now.holds || barriers.join() !== now.barriers.join()) store.barriers.value = { barriers, holds };
}

function applyReport(report: Report): void {
  const frame = lastUpdate?.frame;
  if (frame) store.frameLimits.value = { messages: frame.messageKind.length, inFlight: frame.inFlight, peers: frame.peerId.length };
  // A report that was on its way when the user played or paused says nothing about what follows.
  if (report.order === lastOrder) store.mode.value = report.mode;
  store.metrics.value = report.metrics;
  store.reached.value = Math.max(store.reached.peek(), report.metrics.tick);
  if (report.inspection) store.inspection.value = report.inspection;
  store.reproduction.value = report.verdict;
  store.fingerprint.value = report.fingerprint;
  store.detail.value = report.detail;
  if (report.ringHistory) store.ringHistory.value = report.ringHistory;
  if (report.sessions) store.sessions.value = report.sessions;
  if (report.forks) store.forks.value = report.forks;
  if (report.radio) store.radio.value = report.radio;
  if (report.blocks) store.blocks.value = report.blocks;
  if (report.cache) store.cache.value = report.cache;
  if (report.pool) store.pool.value = report.pool;
  if (report.shape) store.shape.value = report.shape;
  if (report.history) store.history.value = report.history;
  if (report.knobs) store.knobs.value = report.knobs;
  if (report.refused) store.refused.value = report.refused;
  if (report.notices) store.notices.value = report.notices;
  if (report.commands) applyCommands(report.commands, report.metrics.tick);
}

/** Takes the commands of a report: a new one abandons the link and everything later than the present tick. */
function applyCommands(commands: TimedCommand[], tick: number): void {
  if (commands.length !== store.commands.peek().length) {
    store.reached.value = tick;
    store.openedLink.value = null;
    store.commands.value = commands;
    browserHistory.leaveLink();
  }
  store.commands.value = commands;
}

function titleOf(source: Source, [first]: Problem[]): string {
  // The reader of files names a line or a byte, the scenario a path.
  const isUnreadable = /^(?:line |byte |$)/.test(first?.path ?? "");
  switch (source.kind) {
    case "scenario":
      return "This scenario cannot be run";
    case "file":
      return isUnreadable ? `${source.name} is not a scenario` : `${source.name} cannot be run`;
    case "link":
      return "This link cannot be opened";
  }
}

function showFailure({ failure: { problems }, source }: FromWorker & { type: "failed" }): void {
  if (source === null) {
    store.toast.value = { text: problemText(problems) };
    return;
  }
  store.opening.value = null;
  store.pageError.value = { kind: "problems", title: titleOf(source, problems), problems, recoverable: store.run.value !== null };
}

function showUnloadable(message: string): void {
  store.loading.value = false;
  store.pageError.value = { kind: "unloadable", message };
}
