/** Crash test of a save: what a crash leaves at each of a thousand points, for three ways of saving. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as store from "../store/store";
import { StudyControl } from "../studies/StudyControl";
import { Study } from "../studies/study";
import { count } from "../ui/format";
import type { CrashStrip, CrashStrips } from "../wasm/ringside_wasm.js";
import { countsOf, OUTCOMES, runsOf } from "./crash";

const POINTS = 1_000;
/** Entries of both files: few enough that the test takes about a second. */
const ENTRIES = 60;
const LANE = 6;

const RULES = {
  direct: "written over", rename: "renamed, without sync", synced: "synced and renamed",
} satisfies Record<CrashStrip["rule"], string>;

const study = new Study();
const found = signal<CrashStrips | null>(null);

function start(): void {
  const syncMs = Number(store.knobs.value.find(({ path }) => path === "cache.sync_ms")?.value ?? 10);
  const seed = Number(BigInt(store.run.value?.seed ?? 1) % 4_294_967_296n);
  study.start({ kind: "crash", seed, points: POINTS, entries: ENTRIES, syncMs }, (message) => {
    if (message.type === "crash") found.value = message.strips;
    return 1;
  });
}

const ms = (us: number): string => `${(us / 1_000).toFixed(1)} ms`;

export function CrashTest() {
  useEffect(() => () => study.end(), []);
  const strips = found.value;
  return (
    <figure class="chart" data-chart="crash-test" data-strips={strips?.strips.length}>
      <div class="chart-head"><h2>Crash test of a save</h2></div>
      <p class="subtitle">What a crash leaves at each of {count(POINTS)} points of a save of {ENTRIES} peers, from its beginning at the left</p>
      <StudyControl study={study} name="Crash a thousand times" start={start} />
      {strips && (
        <>
          {strips.strips.map((strip) => <Strip key={strip.rule} strip={strip} />)}
          <div class="crash-axis" aria-hidden="true"><span>0</span><span>{ms(strips.span_us)}</span></div>
          <Counts strips={strips} />
        </>
      )}
    </figure>
  );
}

/** A lane for each outcome that occurs at all, so that it shows without colour. */
function Strip({ strip }: { strip: CrashStrip }) {
  const counts = countsOf(strip.outcomes);
  const lanes = OUTCOMES.map((_, code) => code).filter((code) => code < 3 || (counts[code] ?? 0) > 0);
  const said = OUTCOMES.map(({ name }, code) => `${count(counts[code] ?? 0)} ${name}`).join(", ");
  return (
    <div class="crash-strip">
      <span>{RULES[strip.rule]}</span>
      <svg class="strip" viewBox={`0 0 ${POINTS} ${lanes.length * LANE}`} preserveAspectRatio="none" height={lanes.length * LANE} role="img" aria-label={`${RULES[strip.rule]}: ${said}`}>
        <rect class="track" x="0" y="0" width={POINTS} height={lanes.length * LANE} />
        {runsOf(strip.outcomes).map(({ outcome, from, to }) => (
          <rect key={from} class={OUTCOMES[outcome]?.fill} x={from} y={lanes.indexOf(outcome) * LANE} width={to - from} height={LANE} />
        ))}
      </svg>
    </div>
  );
}

function Counts({ strips: { strips } }: { strips: CrashStrips }) {
  const damaged = strips.filter(({ outcomes }) => outcomes.some((outcome) => outcome >= 2));
  return (
    <>
      <div class="table-scroll" role="region" aria-label="Crashes by what they left" tabIndex={0}>
        <table class="picture-table">
          <thead>
            <tr>
              <th>the file is</th><th>save takes</th>
              {OUTCOMES.map(({ name, fill, meaning }) => (
                <th key={name} title={meaning}><svg class="key strip" viewBox="0 0 8 8" aria-hidden="true"><rect class={fill} width="8" height="8" /></svg>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {strips.map(({ rule, save_us, outcomes }) => (
              <tr key={rule} data-rule={rule}>
                <td>{RULES[rule]}</td><td>{ms(save_us)}</td>
                {countsOf(outcomes).map((value, code) => <td key={code} data-outcome={OUTCOMES[code]?.name}>{count(value)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption>
        <span>
          {damaged.length === 0
            ? "Every crash left the old file or the new one."
            : `A file that is ${damaged.map(({ rule }) => RULES[rule]).join(", or ")} can be damaged or lost; of the three, ${strips.filter((one) => !damaged.includes(one)).map(({ rule }) => RULES[rule]).join(", or ") || "none"} always leaves the old file or the new one.`}
        </span>
      </figcaption>
    </>
  );
}
