/** Histogram as a figure: bars and curves over the same bins, a summary, and a table of the same data. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Caption } from "./Caption";

export interface Curve {
  label: string;
  colour: "accent" | "muted" | "connected";
  dash?: boolean;
  /** Whether the curve follows the edges of the bins instead of their middles. */
  step?: boolean;
  values: number[];
}

interface BarsProps {
  title: string;
  subtitle: string;
  sentence: ComponentChildren;
  testId: string;
  /** Unit of the bins, for the head of the table. */
  unit: string;
  bars: { label: string; values: number[] };
  curves: Curve[];
  /** Labels under the first, the middle and the last bin. */
  axis: [string, string, string];
  /** Label of a bin in the table. */
  bin: (index: number) => string;
  format: (value: number) => string;
}

/** Size of the view box; the style sheet sets the size of the figure. */
const WIDTH = 320;
const HEIGHT = 100;

export function Bars(props: BarsProps) {
  const table = useSignal(false);
  const { bars, curves, axis } = props;
  const most = Math.max(1e-9, ...bars.values, ...curves.flatMap((curve) => curve.values));
  const shown = [{ ...bars, colour: "connected" }, ...curves];
  return (
    <figure class="chart bars" data-chart={props.testId}>
      <div class="chart-head"><h2>{props.title}</h2></div>
      <p class="subtitle">{props.subtitle}</p>
      <ul class="legend" aria-label="Lines">
        <li><i class="swatch filled c-connected" />{bars.label}</li>
        {curves.map((curve) => (
          <li key={curve.label}><i class={`swatch c-${curve.colour}${curve.dash ? " dashed" : ""}`} />{curve.label}</li>
        ))}
      </ul>
      <svg class="bars-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="bars-line" d={`M0 ${HEIGHT}H${WIDTH}`} />
        <path class="bars-fill c-connected" d={filled(bars.values, most)} />
        {curves.map((curve) => (
          <path key={curve.label} class={`bars-curve c-${curve.colour}${curve.dash ? " dashed" : ""}`} d={outline(curve, most)} />
        ))}
      </svg>
      <div class="bars-axis" aria-hidden="true">{axis.map((label, i) => <span key={i}>{label}</span>)}</div>
      <Caption sentence={props.sentence} table={table} />
      {table.value && (
        <div class="table-wrap" role="region" aria-label={`${props.title}, as a table`} tabIndex={0}>
          <table>
            <thead><tr><th scope="col">{props.unit}</th>{shown.map((one) => <th scope="col" key={one.label}>{one.label}</th>)}</tr></thead>
            <tbody>
              {bars.values.map((_, i) => (
                <tr key={i}><th scope="row">{props.bin(i)}</th>{shown.map((one) => <td key={one.label}>{props.format(one.values[i] ?? 0)}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

const height = (value: number, most: number): number => HEIGHT - (value / most) * (HEIGHT - 4);
const at = (x: number): string => x.toFixed(1);

function filled(values: number[], most: number): string {
  const width = WIDTH / values.length;
  const gap = Math.min(1.5, width * 0.15);
  const bar = (value: number, i: number): string =>
    value > 0 ? `M${at(i * width + gap / 2)} ${HEIGHT}V${at(height(value, most))}h${at(width - gap)}V${HEIGHT}Z` : "";
  return values.map(bar).join("");
}

function outline({ values, step }: Curve, most: number): string {
  const width = WIDTH / values.length;
  const y = (value: number): string => at(height(value, most));
  if (step) return `M0 ${HEIGHT}${values.map((value, i) => `V${y(value)}H${at((i + 1) * width)}`).join("")}V${HEIGHT}`;
  return values.map((value, i) => `${i === 0 ? "M" : "L"}${at((i + 0.5) * width)} ${y(value)}`).join("");
}
