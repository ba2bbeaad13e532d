/** The worker's end of the wire: loads the core and hands every message to the engine. */
import { simd } from "wasm-feature-detect";
import init, { presets, random_seed, type Failure } from "../wasm/ringside_wasm.js";
import withSimd from "../wasm/ringside_simd_bg.wasm?url";
import { Engine } from "./engine";
import type { Answer, FromWorker, ToWorker } from "./protocol";

/** The part of a dedicated worker's scope that is used here; the page's library types do not know it. */
interface Scope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = self as unknown as Scope;
const post = (message: FromWorker, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);
const engine = new Engine(post);

function answer(what: "link" | "scenario" | "seed"): Answer {
  switch (what) {
    case "link":
      return engine.link();
    case "scenario":
      return { scenario: engine.scenario() };
    case "seed":
      return { seed: random_seed() };
  }
}

/** Tell what came of commands to whoever gave them, or a failure to all. */
function injected(failure: Failure | null, ask?: number): void {
  if (ask !== undefined) post({ type: "answer", ask, value: failure ? { failure } : { done: true } });
  else if (failure) post({ type: "failed", failure, doing: "inject" });
}

function handle(message: ToWorker): void {
  switch (message.type) {
    case "start":
      return engine.start(message.input, message.play);
    case "open":
      return engine.open(message.link);
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
      return engine.seek(message.tick, () => post({ type: "answer", ask: message.ask, value: { done: true } }));
    case "inject":
      return injected(engine.inject(message.commands), message.ask);
    case "select":
      return engine.select(message.id);
    case "drawn":
      return engine.drawn();
    case "limit":
      return engine.setLimit(message.messages);
    case "watch":
      return engine.watch(message.shape);
    case "looking":
      return engine.setLooking(message.looking);
    case "look":
      return engine.look();
    case "ask":
      return post({ type: "answer", ask: message.ask, value: answer(message.what) });
  }
}

/** The core as this browser can run it: up to a tenth faster where it has instructions on several numbers at a time. */
async function load(): Promise<void> {
  await ((await simd()) ? init({ module_or_path: withSimd }) : init());
}

load().then(
  () => {
    scope.onmessage = ({ data }) => engine.guard(() => {
      if (data.type === "pause") engine.pause();
      else engine.whenWhole(() => handle(data));
    });
    post({ type: "ready", presets: presets() });
  },
  (reason: unknown) => post({ type: "unloadable", message: reason instanceof Error ? reason.message : String(reason) }),
);
