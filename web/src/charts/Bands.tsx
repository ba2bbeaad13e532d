/** Curves over a few labelled points, each with the band of its runs, and a table of the same data. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Caption } from "./Caption";
import { gapsOf, type Spread } from "./spread";

export interface Band {
  label: string;
  colour: "connected" | "accent" | "danger" | "muted";
  dash?: boolean;
  /** By point; null where no run has a value. */
  points: (Spread | null)[];
}

interface BandsProps {
  title: string;
  subtitle: string;
  sentence: ComponentChildren;
  testId: string;
  /** Name of the points, for the head of the table. */
  unit: string;
  labels: string[];
  bands: Band[];
  /** Greatest value of the scale. */
  most: number;
  format: (value: number) => string;
  children?: ComponentChildren;
}

/** Size of the view box; the style sheet sets the size of the figure. */
const WIDTH = 320;
const HEIGHT = 100;

export function Bands(props: BandsProps) {
  const table = useSignal(false);
  const { bands, labels, format, most } = props;
  const x = (index: number): number => (labels.length < 2 ? WIDTH / 2 : (index * WIDTH) / (labels.length - 1));
  const y = (value: number): number => HEIGHT - (Math.min(value, most) / Math.max(most, 1e-9)) * HEIGHT;
  return (
    <figure class="chart" data-chart={props.testId}>
      <div class="chart-head"><h2>{props.title}</h2></div>
      <p class="subtitle">{props.subtitle}</p>
      {props.children}
      <ul class="legend" aria-label="Lines">
        {bands.map(({ label, colour, dash }) => <li key={label}><i class={`swatch c-${colour}${dash ? " dashed" : ""}`} />{label}</li>)}
      </ul>
      <div class="bands-frame">
        <div class="levels" aria-hidden="true"><span>{format(most)}</span><span>{format(most / 2)}</span><span>{format(0)}</span></div>
        <svg class="bands-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${props.title}, drawn`}>
          <path class="grid" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          {bands.map(({ label, colour, dash, points }) => (
            <g key={label} class={`c-${colour}`}>
              <path class="band" d={gapsOf(points).map((part) => area(part, x, y)).join("")} />
              <path class={`bars-curve${dash ? " dashed" : ""}`} d={gapsOf(points).map((part) => line(part, x, y)).join("")} />
            </g>
          ))}
        </svg>
        <div class="labels" aria-hidden="true">{labels.map((label) => <span key={label}>{label}</span>)}</div>
      </div>
      <Caption sentence={props.sentence} table={table} />
      {table.value && (
        <div class="table-wrap" role="region" aria-label={`${props.title}, as a table`} tabIndex={0}>
          <table>
            <thead><tr><th scope="col">{props.unit}</th>{bands.map(({ label }) => <th scope="col" key={label}>{label}</th>)}</tr></thead>
            <tbody>
              {labels.map((label, i) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {bands.map(({ label, points }) => <td key={label}>{text(points[i] ?? null, format)}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

function text(spread: Spread | null, format: (value: number) => string): string {
  return spread ? `${format(spread.mid)} (${format(spread.low)} to ${format(spread.high)})` : "–";
}

type Part = [index: number, spread: Spread][];
type Scale = (value: number) => number;

function line(part: Part, x: Scale, y: Scale): string {
  // A point by itself is a short stroke.
  const [first] = part;
  if (part.length === 1 && first) return `M${at(x(first[0]) - 3)} ${at(y(first[1].mid))}h6`;
  return part.map(([i, { mid }], k) => `${k === 0 ? "M" : "L"}${at(x(i))} ${at(y(mid))}`).join("");
}

function area(part: Part, x: Scale, y: Scale): string {
  const upper = part.map(([i, { high }]) => `${at(x(i))} ${at(y(high))}`);
  const lower = part.map(([i, { low }]) => `${at(x(i))} ${at(y(low))}`).reverse();
  return part.length > 1 ? `M${[...upper, ...lower].join("L")}Z` : "";
}

const at = (value: number): string => value.toFixed(1);
