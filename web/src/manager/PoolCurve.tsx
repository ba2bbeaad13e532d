/** The pool by quality against a random one: runs of the present scenario with both selections. */
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Bands, type Band } from "../charts/Bands";
import { spreadOf } from "../charts/spread";
import { durationText } from "../sessions/bars";
import { tickMs } from "../sessions/time";
import * as store from "../store/store";
import { StudyControl } from "../studies/StudyControl";
import { Study } from "../studies/study";
import { percent, percentInText } from "../ui/format";
import type { ScenarioInput } from "../wasm/ringside_wasm.js";

const SELECTIONS = ["quality", "random"] as const;
const SEEDS = 4;
const MINUTE_MS = 60_000;
/** Minutes of simulated time at which the pools are compared. */
const MINUTES = [1, 2, 4, 6, 8, 10, 15, 20];

const study = new Study();
/** Shares of bad peers by run and minute. */
const runs = signal<ReadonlyMap<number, (number | null)[]>>(new Map());

// Another run has other pools.
store.run.subscribe(() => {
  study.end();
  runs.value = new Map();
});

function start(): void {
  const run = store.run.value;
  if (!run) return;
  runs.value = new Map();
  const base = run.scenario;
  const seed = BigInt(base.seed ?? 1);
  const scenario = (index: number): ScenarioInput => ({
    ...base,
    seed: BigInt.asUintN(64, seed + BigInt(index % SEEDS)).toString(),
    set: { ...base.set, manager: { ...base.set?.manager, selection: SELECTIONS[Math.floor(index / SEEDS)] ?? "quality" } },
  });
  const size = SELECTIONS.length * SEEDS;
  const roundMs = run.ticksPerRound * tickMs();
  const rounds = MINUTES.map((minute) => Math.round((minute * MINUTE_MS) / roundMs));
  study.start({ kind: "curve", runs: Array.from({ length: size }, (_, i) => scenario(i)), rounds, read: ["badShare"] }, (message) => {
    if (message.type !== "run") return 0;
    runs.value = new Map([...runs.value, [message.index, message.values.map(([value]) => value ?? null)]]);
    return runs.value.size / size;
  });
}

const bands = computed((): Band[] => {
  const of = (selection: number) => MINUTES.map((_, point) =>
    spreadOf(Array.from({ length: SEEDS }, (_, run) => runs.value.get(selection * SEEDS + run)?.[point] ?? null)));
  return [
    { label: "pool by quality", colour: "connected", points: of(0) },
    { label: "random pool", colour: "danger", dash: true, points: of(1) },
  ];
});

/** Greatest value of the scale: above every band. */
const most = computed(() => {
  const highest = Math.max(0.1, ...bands.value.flatMap(({ points }) => points.map((spread) => spread?.high ?? 0)));
  return Math.min(1, Math.ceil(highest * 10) / 10);
});

export function PoolCurve() {
  useEffect(() => () => study.end(), []);
  return (
    <Bands
      testId="pool-curve" title="Pool by quality against a random pool" unit="time" most={most.value} format={percent}
      subtitle={`Connections that hosts have opened to peers that serve badly; the band is from the least to the greatest of ${SEEDS} seeds`}
      labels={MINUTES.map((minute) => durationText(minute * MINUTE_MS))} bands={bands.value} sentence={sentence()}
    >
      <StudyControl study={study} name={`Run both pools with ${SEEDS} seeds`} start={start} />
    </Bands>
  );
}

function sentence(): string {
  const [quality, random] = bands.value.map(({ points }) => points.at(-1) ?? null);
  if (!quality || !random) return "Each run is the scenario as it was opened, with one of both selections.";
  return `After ${durationText((MINUTES.at(-1) ?? 0) * MINUTE_MS)}, ${percentInText(quality.mid)} of the connections of a pool by quality lead to bad peers, ${percentInText(random.mid)} of those of a random pool (medians).`;
}
