/** Entry point of the worker: loads the core and dispatches the messages of the page to the engine. */
import { simd } from "wasm-feature-detect";
import init, { columns, presets, random_seed, type Failure } from "../wasm/ringside_wasm.js";
import withSimd from "../wasm/ringside_simd_bg.wasm?url";
import { Engine } from "./engine";
import type { FromWorker, RequestKind, Response, ToWorker } from "./workerMessages";

/** Part of `DedicatedWorkerGlobalScope` that is used here; the page's library types lack it. */
interface Scope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = self as unknown as Scope;
const post = (message: FromWorker, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);
const engine = new Engine(post);

function respond(requestId: number, value: Response): void {
  post({ type: "response", requestId, value });
}

function answer(what: RequestKind, requestId: number): void {
  switch (what) {
    case "link":
      return engine.makeLink((link) => respond(requestId, link));
    case "scenario":
      return respond(requestId, { scenario: engine.scenario() });
    case "seed":
      return respond(requestId, { seed: random_seed() });
  }
}

/** Reports the outcome of commands: to the request, if there is one; otherwise only a failure is reported. */
function reportInjection(failure: Failure | null, requestId?: number): void {
  if (requestId !== undefined) respond(requestId, failure ? { failure } : { done: true });
  else if (failure) post({ type: "failed", failure, source: null });
}

function handle(message: ToWorker): void {
  switch (message.type) {
    case "open":
      return engine.open(message.source, message.origin, message.then);
    case "play":
      return engine.play(message.speed);
    case "speed":
      return engine.setSpeed(message.speed);
    case "pause":
      return engine.pause();
    case "step":
      return engine.step(message.unit);
    case "finish":
      return engine.finish();
    case "seek":
      return engine.seek(message.tick, () => respond(message.requestId, { done: true }));
    case "inject":
      return reportInjection(engine.inject(message.commands), message.requestId);
    case "select":
      return engine.select(message.id);
    case "frameAck":
      return engine.acknowledgeFrame();
    case "limit":
      return engine.setLimit(message.messages);
    case "subscribeShape":
      return engine.subscribeShape(message.on);
    case "subscribeRing":
      return engine.subscribeRing(message.on);
    case "monitor":
      return engine.setMonitorMode(message.mode);
    case "checkNow":
      return engine.checkNow();
    case "request":
      return answer(message.what, message.requestId);
    case "cancelWork":
      return engine.cancelWork();
  }
}

/** Loads the SIMD build of the core if the browser supports it: it is up to 10 % faster. */
async function load(): Promise<void> {
  await ((await simd()) ? init({ module_or_path: withSimd }) : init());
}

load().then(
  () => {
    scope.onmessage = ({ data }) => engine.guard(() => {
      if (data.type === "pause") engine.pause();
      else engine.betweenTicks(() => handle(data));
    });
    post({ type: "ready", presets: presets(), columns: columns() });
  },
  (reason: unknown) => post({ type: "unloadable", message: reason instanceof Error ? reason.message : String(reason) }),
);
