/** The life of one host over its restarts: the run is repeated, and the host looked at in every round. */
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { shortHex } from "../ring/ids";
import { durationText } from "../sessions/bars";
import { tickMs } from "../sessions/time";
import * as store from "../store/store";
import { request } from "../store/workerClient";
import { StudyControl } from "../studies/StudyControl";
import { Study } from "../studies/study";
import { count, plural } from "../ui/format";
import type { CacheView } from "../wasm/ringside_wasm.js";
import type { Look } from "../worker/studyMessages";
import { ago } from "./CacheTable";
import { extend, OUTCOMES, type Life } from "./lives";

/** Looks at most: a longer run is looked at less often than in every round. */
const LOOKS_MAX = 4_000;
const WIDTH = 320;

const study = new Study();
const told = signal<{ host: string; until: number; lives: Life[] } | null>(null);
/** Time of an axis that fits every milestone. */
const longest = computed(() => Math.max(1_000, ...(told.value?.lives ?? []).flatMap(({ first, fifth, settled }) => [first ?? 0, fifth ?? 0, settled ?? 0])));

// Another run has other lives.
store.run.subscribe(() => {
  study.end();
  told.value = null;
});

async function tell(): Promise<void> {
  const [view, run, now] = [store.cache.value, store.run.value, store.metrics.value?.tick];
  if (!view || !run || now === undefined) return;
  const answer = await request("scenario");
  if (!("scenario" in answer)) return;
  const every = run.ticksPerRound * Math.max(1, Math.ceil(now / run.ticksPerRound / LOOKS_MAX));
  const ms = tickMs();
  told.value = { host: view.host, until: now * ms, lives: [] };
  const who = { kind: "cache", number: view.number, peer: view.host } as const;
  study.start({ kind: "story", input: answer.scenario, until: now, every, who }, (message) => {
    if (message.type !== "looks" || !told.value) return 0;
    told.value = { ...told.value, lives: extend(told.value.lives, message.looks as Look<CacheView>[], ms) };
    return message.done;
  });
}

export function CacheLife() {
  useEffect(() => () => study.end(), []);
  const view = store.cache.value;
  if (!view) return null;
  const found = told.value;
  return (
    <figure class="chart" data-chart="cache-life" data-lives={found?.lives.length}>
      <div class="chart-head"><h2>Life over restarts</h2></div>
      <p class="subtitle">One host: when it was up, and how soon after each start it had sessions</p>
      <StudyControl study={study} name={`Follow ${shortHex(view.host)} from the start`} start={() => void tell()} />
      {found && found.lives.length > 0 && <Lives {...found} />}
    </figure>
  );
}

function Lives({ host, until, lives }: { host: string; until: number; lives: Life[] }) {
  const absence = Number(store.knobs.value.find(({ path }) => path === "cache.absence_s")?.value ?? 0);
  const starts = lives.length - 1;
  return (
    <>
      <UpAndDown until={until} lives={lives} />
      <ul class="legend" aria-label="Marks">
        <li><i class="swatch filled c-connected" />up</li>
        <li><i class="swatch c-accent" />1 session (bar)</li>
        <li><i class="swatch c-pending" />5 sessions (dot)</li>
        <li><i class="swatch c-muted" />all dials over (cross)</li>
      </ul>
      <div class="table-scroll" role="region" aria-label="Starts of the host" tabIndex={0}>
        <table class="picture-table">
          <thead><tr><th>start</th><th>at</th><th>up</th><th>1, 5 and all sessions after, to {durationText(longest.value)}</th></tr></thead>
          <tbody>{lives.map((life, index) => <Row key={index} index={index} life={life} until={until} />)}</tbody>
        </table>
      </div>
      <figcaption>
        <span>
          {shortHex(host)} has started again {starts === 1 ? "once" : `${count(starts)} times`}.{" "}
          {starts > 0 && absence > 0 && `At a stop by schedule all clocks go ahead by ${ago(absence)}, which the strip leaves out.`}
        </span>
      </figcaption>
    </>
  );
}

function UpAndDown({ until, lives }: { until: number; lives: Life[] }) {
  const x = (ms: number): number => (ms / Math.max(1, until)) * WIDTH;
  return (
    <svg class="strip" viewBox={`0 0 ${WIDTH} 16`} preserveAspectRatio="none" height="18" role="img" aria-label="Times at which the host was up">
      <rect class="track" x="0" y="6" width={WIDTH} height="4" />
      {lives.map(({ began, ended }) => <rect key={began} class="f-connected" x={x(began)} y="1" width={Math.max(1, x(ended ?? until) - x(began))} height="14" />)}
    </svg>
  );
}

const time = (ms: number | null): string => (ms === null ? "–" : durationText(ms));

/** What became of the file at a start. */
function fileText({ file, outcome }: Life): string {
  const read = file ? `${plural(file.entries, "entry", "entries")}, ${count(file.hits)} of ${count(file.dials)} hit` : "no file read";
  return outcome ? `${read}: ${OUTCOMES[outcome]}` : read;
}

function Row({ index, life, until }: { index: number; life: Life; until: number }) {
  const { began, ended, first, fifth, settled, outcome } = life;
  return (
    <>
      <tr data-start={index + 1}>
        <td class="number" rowSpan={2}>{index + 1}</td>
        <td>{durationText(began)}</td>
        <td>{durationText((ended ?? until) - began)}{ended === null && ", so far"}</td>
        <td>{time(first)}, {time(fifth)}, {time(settled)}<Milestones life={life} /></td>
      </tr>
      <tr class="detail" data-outcome={outcome ?? ""}><td colSpan={3}>{fileText(life)}</td></tr>
    </>
  );
}

/** Bar to the first session, dot at five, cross at the outcome of the last dial. */
function Milestones({ life: { first, fifth, settled } }: { life: Life }) {
  const x = (ms: number): number => 4 + (ms / longest.value) * (WIDTH - 8);
  return (
    <svg class="strip milestones" viewBox={`0 0 ${WIDTH} 14`} role="img" aria-label={`1 session ${time(first)}, 5 sessions ${time(fifth)}, all dials ${time(settled)}`}>
      <rect class="track" x="4" y="6" width={WIDTH - 8} height="2" />
      {first !== null && <rect class="f-accent" x="4" y="4" width={Math.max(2, x(first) - 4)} height="6" />}
      {fifth !== null && <circle class="f-pending" cx={x(fifth)} cy="7" r="5" />}
      {settled !== null && <path class="c-muted" d={`M${x(settled) - 4} 3l8 8m0-8l-8 8`} fill="none" stroke="currentColor" stroke-width="2" />}
    </svg>
  );
}
