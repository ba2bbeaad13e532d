/** Worker that makes runs of its own for one picture, in slices. The page ends it by terminating it. */
import type { CacheView, Metrics, PoolView, ScenarioInput, Simulation } from "../wasm/ringside_wasm.js";
import { core, loadLayers } from "./core";
import { messageOf } from "./failure";
import type { FromStudies, Look, Reading, Teller, ToStudies } from "./studyMessages";

/** Milliseconds of work between two messages. */
const SLICE_MS = 60;

/** Part of `DedicatedWorkerGlobalScope` that is used here; the page's library types lack it. */
interface Scope {
  postMessage(message: FromStudies): void;
  onmessage: ((event: MessageEvent<ToStudies>) => void) | null;
}

const scope = self as unknown as Scope;
const post = (message: FromStudies): void => scope.postMessage(message);

const READINGS: Record<Reading, (metrics: Metrics) => number | null | undefined> = {
  hitsTrue: ({ cache }) => cache?.hit_rate_true,
  hitsReported: ({ cache }) => cache?.hit_rate_reported,
  badShare: ({ manager }) => manager?.bad_share,
  poolScore: ({ manager }) => manager?.score.p50,
};

const opened = (input: ScenarioInput): Simulation => core.Simulation.from_scenario(input);

/** Figures of each run at its rounds; a run at a time, so that the picture grows. */
function* curve({ runs, rounds, read }: ToStudies & { kind: "curve" }): Generator<FromStudies> {
  for (const [index, input] of runs.entries()) {
    const sim = opened(input);
    const values = rounds.map((round) => {
      sim.tick(Math.max(0, round * sim.ticks_per_round - sim.now));
      const metrics = sim.metrics();
      return read.map((reading) => READINGS[reading](metrics) ?? null);
    });
    sim.free();
    yield { type: "run", index, values };
  }
}

/** Looks at a host, from the start of a run to a tick. */
function* story({ input, until, every, who }: ToStudies & { kind: "story" }): Generator<FromStudies> {
  const sim = opened(input);
  let looks: Look<CacheView | PoolView>[] = [];
  let last = performance.now();
  const look = follower(sim, who);
  for (let tick = 0; ; tick = Math.min(until, tick + every)) {
    sim.tick(tick - sim.now);
    looks.push({ tick, view: look() });
    const isOver = tick >= until;
    if (!isOver && performance.now() - last < SLICE_MS) continue;
    yield { type: "looks", looks, done: until > 0 ? tick / until : 1 };
    [looks, last] = [[], performance.now()];
    if (isOver) break;
  }
  sim.free();
}

/** Views of a host; a cache is followed by its number, and by its last id if it has left the plan. */
function follower(sim: Simulation, who: Teller): () => CacheView | PoolView | undefined {
  let peer = BigInt(`0x${who.peer}`);
  if (who.kind === "pool") return () => sim.pool_view(peer);
  return () => {
    const view = sim.cache_view(who.number, peer);
    if (view) peer = BigInt(`0x${view.host}`);
    return view;
  };
}

/** Answers of calculations without a run. */
function* calculation(request: ToStudies & { kind: "crash" | "airtime" }): Generator<FromStudies> {
  if (request.kind === "airtime") {
    const answers = request.frames.map((frame) => core.airtime(Uint32Array.from(frame)));
    yield { type: "airtime", answers: answers.filter((one) => one !== undefined) };
    return;
  }
  const strips = core.crash_test(request.seed, request.points, request.entries, request.syncMs);
  if (strips) yield { type: "crash", strips };
}

function workOf(request: ToStudies): Generator<FromStudies> {
  switch (request.kind) {
    case "curve":
      return curve(request);
    case "story":
      return story(request);
    case "crash":
    case "airtime":
      return calculation(request);
  }
}

/** Reason of a failure: what is wrong with the input, or the panic. */
function reason(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "problems" in thrown) {
    const { problems } = thrown as { problems: { message: string; remedy: string }[] };
    return problems.map(({ message, remedy }) => `${message}: ${remedy}`).join("; ");
  }
  return core.last_panic() ?? messageOf(thrown);
}

function run(work: Generator<FromStudies>): void {
  try {
    const next = work.next();
    if (next.done === true) return post({ type: "over" });
    post(next.value);
  } catch (thrown) {
    return post({ type: "failed", message: reason(thrown) });
  }
  setTimeout(() => run(work));
}

loadLayers().then(
  () => {
    scope.onmessage = ({ data }) => run(workOf(data));
    post({ type: "ready" });
  },
  (thrown: unknown) => post({ type: "failed", message: messageOf(thrown) }),
);
