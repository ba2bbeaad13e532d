/** Anatomy of a score: its history, its parts over time, the connection with the peer, why it ended, and nine factors. */
import { signal } from "@preact/signals";
import { shortHex } from "../ring/ids";
import { durationText } from "../sessions/bars";
import { plural } from "../ui/format";
import type { PoolView } from "../wasm/ringside_wasm.js";
import { ScoreHistory } from "./ScoreHistory";
import { historyText, incidentsOf, keptText, momentsOf, ordered, stretchesOf, type Moment, type Standing } from "./story";

const WIDTH = 320;
const HEIGHT = 100;
/** Height of the strip of standings. */
const STRIP = 10;
const WHOLE = 10_000;
/** Incidents listed at most, the latest. */
const LISTED = 12;

const PARTS = [
  { name: "reliability", fill: "f-connected", swatch: "c-connected", factors: ["uptime", "dials accepted", "delivery"] },
  { name: "performance", fill: "f-identified", swatch: "c-identified", factors: ["latency", "throughput", "signal"] },
  { name: "behaviour", fill: "f-pending", swatch: "c-pending", factors: ["validity", "data passed on", "protocol"] },
] as const;

const STANDINGS: Record<Standing, { fill: string; label: string; height: number }> = {
  outbound: { fill: "f-connected", label: "connected: the host dialled", height: 1 },
  inbound: { fill: "f-identified", label: "connected: the peer dialled", height: 0.75 },
  dialing: { fill: "f-pending", label: "dialled", height: 0.5 },
  idle: { fill: "f-edge", label: "no connection", height: 0.15 },
  banned: { fill: "f-danger", label: "banned", height: 1 },
};

/** Peer that is shown; null follows the one with the most to tell. */
const chosen = signal<string | null>(null);

/** `views` are looks at the host from the start of the run, `now` is the present one. */
export function ScoreAnatomy({ views, now }: { views: PoolView[]; now: PoolView }) {
  const peers = ordered(now);
  const id = peers.find((one) => one.id === chosen.value)?.id ?? peers[0]?.id;
  if (!id) return null;
  const moments = momentsOf(views, id);
  return (
    <figure class="chart" data-chart="score-anatomy" data-peer={id} data-moments={moments.length}>
      <div class="chart-head"><h2>Anatomy of a score</h2></div>
      <label class="block-picker">
        <span>Peer</span>
        <select value={id} onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}>
          {peers.map((one) => <option key={one.id} value={one.id}>{shortHex(one.id)}, {one.what}</option>)}
        </select>
      </label>
      <ScoreHistory view={now} chosen={id} />
      {moments.length > 0 && <Story moments={moments} view={views.at(-1) ?? now} from={views[0]?.now_ms ?? 0} />}
    </figure>
  );
}

function Story({ moments, view, from }: { moments: Moment[]; view: PoolView; from: number }) {
  return (
    <>
      <p class="subtitle">The score that {shortHex(view.host)} gives the peer, by its parts; beneath, the connection between them</p>
      <ul class="legend" aria-label="Parts and standings">
        {PARTS.map(({ name, swatch }, i) => <li key={name}><i class={`swatch filled ${swatch}`} />{name} ({view.weights[i]} %)</li>)}
      </ul>
      <Parts moments={moments} weights={view.weights} range={[from, view.now_ms]} />
      <Factors moments={moments} />
      <Incidents moments={moments} view={view} />
    </>
  );
}

function Parts({ moments, weights, range: [from, to] }: { moments: Moment[]; weights: readonly number[]; range: [number, number] }) {
  const x = (ms: number): number => ((ms - from) / Math.max(1, to - from)) * WIDTH;
  const sum = Math.max(1, weights.reduce((all, weight) => all + weight, 0));
  /** Height of the first parts of a score together. */
  const level = ({ peer }: Moment, upTo: number): number =>
    HEIGHT - (peer.parts.slice(0, upTo).reduce((all, part, i) => all + part * (weights[i] ?? 0), 0) / sum / WHOLE) * HEIGHT;
  const edge = (upTo: number): string[] => moments.map((moment) => `${x(moment.ms).toFixed(1)} ${level(moment, upTo).toFixed(1)}`);
  const stretches = stretchesOf(moments);
  const said = stretches.map(({ standing, from, to }) => `${STANDINGS[standing].label} for ${durationText(to - from)}`).join(", ");
  return (
    <>
      <div class="bands-frame anatomy-frame">
        <div class="levels" aria-hidden="true"><span>100</span><span>50</span><span>0</span></div>
        <svg class="strip anatomy" viewBox={`0 0 ${WIDTH} ${HEIGHT + STRIP + 4}`} preserveAspectRatio="none" role="img" aria-label={`Score by its parts. ${said}`}>
          <rect class="track" x="0" y="0" width={WIDTH} height={HEIGHT} />
          {moments.length > 1 && PARTS.map(({ name, fill }, i) => <path key={name} class={fill} opacity="0.75" d={`M${[...edge(i + 1), ...edge(i).reverse()].join("L")}Z`} />)}
          {stretches.map(({ standing, from, to }) => {
            const { fill, height } = STANDINGS[standing];
            return <rect key={from} class={fill} x={x(from)} y={HEIGHT + 4 + STRIP * (1 - height)} width={Math.max(1, x(to) - x(from))} height={STRIP * height} />;
          })}
        </svg>
        <div class="labels" aria-hidden="true"><span>{durationText(from)}</span><span>{durationText(to)}</span></div>
      </div>
      <ul class="legend" aria-label="Standings">
        {[...new Set(stretches.map(({ standing }) => standing))].map((standing) => (
          <li key={standing}><svg class="key strip" viewBox="0 0 10 10" aria-hidden="true"><rect class={STANDINGS[standing].fill} y={10 - 10 * STANDINGS[standing].height} width="10" height={10 * STANDINGS[standing].height} /></svg>{STANDINGS[standing].label}</li>
        ))}
      </ul>
    </>
  );
}

/** Each factor over time, and now. */
function Factors({ moments }: { moments: Moment[] }) {
  const x = (index: number): number => (index * 100) / Math.max(1, moments.length - 1);
  return (
    <div class="factors">
      {PARTS.map(({ name, factors, swatch }, part) => (
        <dl key={name} aria-label={`Factors of ${name}`}>
          {factors.map((factor, i) => {
            const values = moments.map(({ peer }) => peer.factors[part]?.[i] ?? 0);
            const now = values.at(-1) ?? 0;
            const path = values.map((value, k) => `${k === 0 ? "M" : "L"}${x(k).toFixed(1)} ${(20 - (value / WHOLE) * 18).toFixed(1)}`).join("");
            return (
              <div key={factor} class={swatch} title={`${factor}: weight ${i === 0 ? 40 : 30} % of ${name}`}>
                <dt>{factor}</dt>
                <dd>{(now / 100).toFixed(0)}</dd>
                <svg viewBox="0 0 100 22" preserveAspectRatio="none" aria-hidden="true"><path class="bars-curve" d={path} /></svg>
              </div>
            );
          })}
        </dl>
      ))}
    </div>
  );
}

function Incidents({ moments, view }: { moments: Moment[]; view: PoolView }) {
  const all = incidentsOf(moments);
  const last = moments.at(-1)?.peer;
  const served = last && (last.is_bad ? "In this run it is one of the hosts that serve badly." : "In this run it serves well.");
  return (
    <>
      <ol class="incidents" aria-label="What happened">
        {all.slice(-LISTED).map(({ ms, text }, i) => <li key={i}><span>{durationText(ms)}</span> {text}</li>)}
      </ol>
      <figcaption>
        <span>
          {last && `${(last.score / 100).toFixed(1)} points now. ${historyText(last)}`}{last && keptText(view, last)}{" "}
          {all.length > LISTED && `The latest ${LISTED} of ${plural(all.length, "event")} are listed. `}{served} The host cannot know.
        </span>
      </figcaption>
    </>
  );
}
