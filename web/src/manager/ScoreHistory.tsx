/** Scores of the peers of a host over 24 h, as the host remembers them: a curve for each, bans and replacements as marks. */
import { useSignal } from "@preact/signals";
import { Caption } from "../charts/Caption";
import { shortHex } from "../ring/ids";
import { durationText } from "../sessions/bars";
import { plural } from "../ui/format";
import type { PoolView, ScorePoint } from "../wasm/ringside_wasm.js";
import { curveOf, points, type ScoreCurve } from "./story";

const WIDTH = 320;
const HEIGHT = 100;
const WHOLE = 10_000;

/** Marks on the curves, by what happened. */
const MARKS = [
  { label: "ban", kind: 1, colour: "c-danger" },
  { label: "replaced by a better peer", kind: 2, colour: "c-pending" },
] as const;

export function ScoreHistory({ view, chosen }: { view: PoolView; chosen: string }) {
  const table = useSignal(false);
  const curves = view.peers.flatMap((peer) => curveOf(peer) ?? []);
  const from = Math.min(view.now_ms, ...curves.map(({ points: [first] }) => first?.[0] ?? view.now_ms));
  const x = (ms: number): string => (((ms - from) / Math.max(1, view.now_ms - from)) * WIDTH).toFixed(1);
  const y = (score: number): string => ((1 - score / WHOLE) * HEIGHT).toFixed(1);
  /** A score holds until it changes. */
  const path = ({ points }: ScoreCurve): string =>
    points.map(([ms, score], i) => (i === 0 ? `M${x(ms)} ${y(score)}` : `H${x(ms)}V${y(score)}`)).join("") + `H${x(view.now_ms)}`;
  const dots = (kind: ScorePoint[2]): string =>
    curves.flatMap(({ points }) => points.filter((point) => point[2] === kind).map(([ms, score]) => `M${x(ms)} ${y(score)}h0`)).join("");
  const own = curves.find(({ peer }) => peer === chosen);
  return (
    <figure class="chart" data-chart="score-history" data-curves={curves.length}>
      <div class="chart-head"><h3>Scores within 24 h</h3></div>
      <p class="subtitle">A curve for each peer of {shortHex(view.host)}, as the host remembers it</p>
      <ul class="legend" aria-label="Curves and marks">
        <li><i class="swatch c-accent" />{shortHex(chosen)}</li>
        <li><i class="swatch c-muted" />other peers</li>
        {MARKS.map(({ label, kind, colour }) => (
          <li key={kind}><svg class={`key ${colour}`} viewBox="0 0 10 10" aria-hidden="true"><path class={`score-mark k-${kind}`} d="M5 5h0" /></svg>{label}</li>
        ))}
      </ul>
      {curves.length > 0 && (
        <div class="bands-frame">
          <div class="levels" aria-hidden="true"><span>100</span><span>50</span><span>0</span></div>
          <svg class="bands-plot score-curves" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label="Scores within 24 h, drawn">
            <path class="grid" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
            <path class="bars-line c-muted" d={curves.filter((one) => one !== own).map(path).join("")} />
            {own && <path class="bars-curve c-accent" d={path(own)} />}
            {MARKS.map(({ kind, colour }) => <path key={kind} class={`score-mark k-${kind} ${colour}`} data-mark={kind} d={dots(kind)} />)}
          </svg>
          <div class="labels" aria-hidden="true"><span>{durationText(from)}</span><span>{durationText(view.now_ms)}</span></div>
        </div>
      )}
      <Caption sentence={sentence(curves)} table={table} />
      {table.value && <Rows curves={curves} />}
    </figure>
  );
}

function sentence(curves: ScoreCurve[]): string {
  if (curves.length === 0) return "The host has computed no score yet.";
  const count = (of: "bans" | "replacements"): number => curves.reduce((sum, curve) => sum + curve[of].length, 0);
  return `${plural(curves.length, "peer")}, ${plural(count("bans"), "ban")} and ${plural(count("replacements"), "replacement")}. A score holds until it changes by more than a point.`;
}

function Rows({ curves }: { curves: ScoreCurve[] }) {
  const times = (ms: number[]): string => ms.map(durationText).join(", ") || "–";
  return (
    <div class="table-wrap" role="region" aria-label="Scores within 24 h, as a table" tabIndex={0}>
      <table>
        <thead><tr>{["Peer", "first", "least", "greatest", "last", "changes", "banned at", "replaced at"].map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
        <tbody>
          {curves.map(({ peer, points: all, least, greatest, changes, bans, replacements }) => (
            <tr key={peer}>
              <th scope="row">{shortHex(peer)}</th>
              {[all[0]?.[1], least, greatest, all.at(-1)?.[1]].map((score, i) => <td key={i}>{points(score ?? 0)}</td>)}
              <td>{changes}</td>
              <td>{times(bans)}</td>
              <td>{times(replacements)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
