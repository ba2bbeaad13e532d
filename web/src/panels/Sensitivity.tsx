/** Sensitivity: the parameters that document 000 wants tuned, each in a world in which it can bind. */
import { useId } from "preact/hooks";
import * as store from "../store/claims";
import { count } from "../ui/format";
import type { Curve, CurvePoint } from "../wasm/ringside_wasm.js";

/** Width and height of a curve, and its margins, in px. */
const [WIDTH, HEIGHT, SIDE, TOP, FOOT] = [320, 110, 10, 16, 20];

/** Last chapter of the claims panel. */
export function Sensitivity() {
  const progress = store.progress.value;
  const curves = store.curves.value;
  return (
    <details class="section chapter" data-document="sensitivity">
      <summary>
        <span>Sensitivity: seven parameters of document 000</span>
        <span class="hint">{curves.length > 0 ? `${curves.length} measured` : "not measured"}</span>
      </summary>
      <p class="hint">
        Each parameter is varied in a world in which it can bind; in the published one, three of the seven have no effect. The shade is the
        95 % interval over {store.VARY_SEEDS} random seeds, and the ring marks the usual value.
      </p>
      <p class="line">
        <button type="button" disabled={progress !== null} onClick={store.vary}>{curves.length > 0 ? "Measure again" : "Measure all seven"}</button>
      </p>
      <ul class="claims" aria-label="Parameters">{curves.map((curve) => <CurveRow key={curve.path} curve={curve} />)}</ul>
    </details>
  );
}

function CurveRow({ curve }: { curve: Curve }) {
  const { path, world, measure, points, sentence } = curve;
  return (
    <li data-parameter={path}>
      <p class="claim-head"><strong><code>{path}</code></strong><span class="hint">{measure}</span></p>
      <Plot curve={curve} />
      <p>{sentence}</p>
      <p class="hint">In {world}.</p>
      <details class="values">
        <summary>Values</summary>
        <table>
          <thead><tr><th scope="col">{path}</th><th scope="col">Mean and interval</th></tr></thead>
          <tbody>{points.map(({ value, text }) => <tr key={value}><th scope="row">{count(value)}</th><td>{text}</td></tr>)}</tbody>
        </table>
      </details>
    </li>
  );
}

function Plot({ curve: { path, measure, points, sentence } }: { curve: Curve }) {
  const id = useId();
  const known = points.flatMap(({ summary: { mean, low, high } }) => [mean, low, high]).filter((one) => one !== null);
  if (known.length === 0) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const x = (index: number): number => SIDE + (index * (WIDTH - 2 * SIDE)) / Math.max(1, points.length - 1);
  const y = (value: number): number => TOP + ((most - value) / (most - least || 1)) * (HEIGHT - TOP - FOOT);
  const at = (read: (point: CurvePoint) => number | null): string[] =>
    points.flatMap((point, index) => { const value = read(point); return value === null ? [] : [`${x(index)},${y(value)}`]; });
  const mean = ({ summary }: CurvePoint): number | null => summary.mean;
  const band = [...at(({ summary }) => summary.low ?? summary.mean), ...at(({ summary }) => summary.high ?? summary.mean).reverse()];
  return (
    <svg class="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
      <title id={id}>{`${measure} by ${path}. ${sentence}`}</title>
      <polygon points={band.join(" ")} />
      <polyline points={at(mean).join(" ")} />
      {points.map((point, index) => point.summary.mean !== null && (
        <circle key={point.value} class={point.is_usual ? "usual" : ""} cx={x(index)} cy={y(point.summary.mean)} r={point.is_usual ? 5 : 2.5} />
      ))}
      {points.map((point, index) => (
        <text key={point.value} x={x(index)} y={HEIGHT - 5} text-anchor={index === 0 ? "start" : index === points.length - 1 ? "end" : "middle"}>
          {count(point.value)}
        </text>
      ))}
      <text x={SIDE} y={11}>{`${points[0]?.text.split(" (")[0] ?? ""} to ${points[points.length - 1]?.text.split(" (")[0] ?? ""}`}</text>
    </svg>
  );
}
