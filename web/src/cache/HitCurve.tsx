/** Hits over the stated downtime: runs of the present scenario with other downtimes and seeds. */
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Bands, type Band } from "../charts/Bands";
import { spreadOf } from "../charts/spread";
import * as store from "../store/store";
import { StudyControl } from "../studies/StudyControl";
import { Study } from "../studies/study";
import { percent, percentInText } from "../ui/format";
import type { ScenarioInput } from "../wasm/ringside_wasm.js";

const HOUR = 3_600;
const DOWNTIMES = [
  { label: "15 min", seconds: HOUR / 4 }, { label: "1 h", seconds: HOUR }, { label: "3 h", seconds: 3 * HOUR },
  { label: "12 h", seconds: 12 * HOUR }, { label: "1 day", seconds: 24 * HOUR }, { label: "3 days", seconds: 72 * HOUR },
  { label: "6 days", seconds: 144 * HOUR }, { label: "8 days", seconds: 192 * HOUR },
];
const SEEDS = 4;
/** Rounds after the last start, in which all dials have their outcome. */
const AFTER = 120;

/** Values of a run: its true share of hits and the reported one. */
type Values = [number | null, number | null];
const study = new Study();
const runs = signal<ReadonlyMap<number, Values>>(new Map());

// Another run has other hits.
store.run.subscribe(() => {
  study.end();
  runs.value = new Map();
});

const knob = (path: string): number => Number(store.knobs.value.find((one) => one.path === path)?.value ?? 0);

function start(): void {
  const base = store.run.value?.scenario;
  if (!base) return;
  runs.value = new Map();
  const seed = BigInt(base.seed ?? 1);
  const scenario = (index: number): ScenarioInput => ({
    ...base,
    seed: BigInt.asUintN(64, seed + BigInt(index % SEEDS)).toString(),
    set: { ...base.set, cache: { ...base.set?.cache, cycles: 1, absence_s: DOWNTIMES[Math.floor(index / SEEDS)]?.seconds ?? HOUR } },
  });
  const size = DOWNTIMES.length * SEEDS;
  const last = knob("cache.up_rounds") + knob("cache.down_rounds") + knob("cache.spread_rounds") + AFTER;
  const all = Array.from({ length: size }, (_, i) => scenario(i));
  study.start({ kind: "curve", runs: all, rounds: [last], read: ["hitsTrue", "hitsReported"] }, (message) => {
    if (message.type !== "run") return 0;
    const [values] = message.values;
    runs.value = new Map([...runs.value, [message.index, [values?.[0] ?? null, values?.[1] ?? null]]]);
    return runs.value.size / size;
  });
}

const bands = computed((): Band[] => {
  const of = (reading: 0 | 1) => DOWNTIMES.map((_, point) =>
    spreadOf(Array.from({ length: SEEDS }, (_, run) => runs.value.get(point * SEEDS + run)?.[reading] ?? null)));
  return [
    { label: "led to a session with the expected peer", colour: "connected", points: of(0) },
    { label: "reported by version 1: queued", colour: "muted", dash: true, points: of(1) },
  ];
});

export function HitCurve() {
  useEffect(() => () => study.end(), []);
  return (
    <Bands
      testId="hit-curve" title="Hits over downtime" unit="downtime" most={1} format={percent}
      subtitle={`Share of dials of cached peers, after a stated downtime; the band is from the least to the greatest of ${SEEDS} seeds`}
      labels={DOWNTIMES.map(({ label }) => label)} bands={bands.value} sentence={sentence()}
    >
      <StudyControl study={study} name={`Run ${DOWNTIMES.length} downtimes with ${SEEDS} seeds`} start={start} />
    </Bands>
  );
}

function sentence(): string {
  const points = bands.value[0]?.points ?? [];
  const [hour, day] = [points[1], points[4]];
  if (!hour) return "Each run is the scenario as it was opened, with one stop of another length.";
  const none = DOWNTIMES.filter((_, i) => points[i] === null).map(({ label }) => label);
  const later = day ? `, ${percentInText(day.mid)} after a day` : "";
  return `${percentInText(hour.mid)} of the dials lead to a session after an hour${later} (medians).${study.state.value.kind === "over" && none.length > 0 ? ` After ${none.join(" and ")} nothing is left to dial.` : ""}`;
}
