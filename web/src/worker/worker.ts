/** Entry point of the worker: loads the core and dispatches the messages of the page to the engine. */
import type { Failure, Problem } from "../wasm/ringside_wasm.js";
import { core, hasLayers, loadCore, loadLayers } from "./core";
import { Engine } from "./engine";
import { messageOf } from "./failure";
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
      return respond(requestId, { seed: core.random_seed() });
  }
}

/** Reports the outcome of commands: to the request, if there is one; otherwise only a failure is reported. */
function reportInjection(failure: Failure | null, requestId?: number): void {
  if (requestId !== undefined) respond(requestId, failure ? { failure } : { done: true });
  else if (failure) post({ type: "failed", failure, source: null });
}

/** Number of runs that were asked for. */
let openings = 0;

/**
 * Opens a run. Only the module with all layers can tell a scenario that needs them from one that is wrong, so
 * it has the last word.
 */
function open(message: ToWorker & { type: "open" }): void {
  openings += 1;
  const opening = openings;
  const failure = engine.open(message);
  if (failure === null) return;
  const refuse = (failure: Failure): void => post({ type: "failed", failure, source: message.source });
  if (hasLayers()) return refuse(failure);
  const retry = (): void => {
    // A later run takes precedence.
    if (opening !== openings) return;
    const failure = engine.open(message);
    if (failure !== null) refuse(failure);
  };
  loadLayers().then(
    () => {
      post({ type: "loaded", presets: core.presets(), columns: core.columns() });
      engine.guard(() => engine.betweenTicks(retry));
    },
    (reason: unknown) => refuse({ kind: failure.kind, problems: [layersMissing(reason)] }),
  );
}

function layersMissing(reason: unknown): Problem {
  return {
    path: "",
    message: `this needs the module with all layers, or is wrong; the module could not be loaded: ${messageOf(reason)}`,
    remedy: "check the connection and open it again",
  };
}

function handle(message: ToWorker): void {
  switch (message.type) {
    case "load":
      return;
    case "open":
      return open(message);
    case "play":
    case "pause":
      return engine.obey(message);
    case "speed":
      return engine.setSpeed(message.speed);
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
    case "subscribe":
      return engine.subscribe(message.part, message.on);
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

function load(layers: boolean): void {
  (layers ? loadLayers() : loadCore()).then(
    () => {
      scope.onmessage = ({ data }) => engine.guard(() => {
        if (data.type === "pause") engine.obey(data);
        else engine.betweenTicks(() => handle(data));
      });
      post({ type: "ready", presets: core.presets(), columns: core.columns() });
    },
    (reason: unknown) => post({ type: "unloadable", message: messageOf(reason) }),
  );
}

scope.onmessage = ({ data }) => {
  if (data.type === "load") load(data.layers);
};
