/**
 * Chart as a figure: title, legend with the values under the pointer, plot, summary, and a table of the
 * same data.
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { count } from "../ui/format";
import { onColours } from "../ui/theme";
import { Caption } from "./Caption";
import { createPlot, type Mark, type Plot, type PlotOptions } from "./plot";
import { Table } from "./Table";

export interface ChartProps {
  title: string;
  /** Definition of the figures, under the title. */
  subtitle?: string;
  /** Controls beside the title. */
  controls?: ComponentChildren;
  /** Figures above the plot. */
  lead?: ComponentChildren;
  sentence: string;
  options: Omit<PlotOptions, "onSample">;
  /** Rounds in the first column, then a column per line. */
  data: uPlot.AlignedData;
  /** Values for legend and table, if the lines are stacked. */
  raw?: uPlot.AlignedData;
  marks: Mark[];
  format: (value: number | null) => string;
  testId: string;
}

export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const sample = useSignal<number | null>(null);
  const table = useSignal(false);

  useEffect(() => {
    if (!host.current) return;
    const made = createPlot(host.current, { ...props.options, onSample: (index) => (sample.value = index) });
    plot.current = made;
    const stop = onColours(() => made.recolour());
    return () => {
      stop();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.set(props.data, props.marks), [props.data, props.marks]);

  const shown = props.raw ?? props.data;
  const at = sample.value ?? shown[0].length - 1;
  return (
    <figure class="chart" data-chart={props.testId}>
      <div class="chart-head">
        <h2>{props.title}</h2>
        {props.controls}
      </div>
      {props.subtitle !== undefined && <p class="subtitle">{props.subtitle}</p>}
      {props.lead}
      <ul class="legend" aria-label="Lines">
        {props.options.lines.map((line, i) => (
          <li key={line.label}>
            <i class={`swatch c-${line.colour}${line.dash ? " dashed" : ""}`} />
            {line.label}
            <output>{props.format(shown[i + 1]?.[at] ?? null)}</output>
          </li>
        ))}
        <li class="at">round {count(shown[0][at] ?? 0)}</li>
      </ul>
      <div ref={host} class="plot" style={{ height: `${props.options.height}px` }} aria-hidden="true" />
      <Caption sentence={props.sentence} table={table} />
      {table.value && <Table data={shown} lines={props.options.lines} marks={props.marks} format={props.format} title={props.title} />}
    </figure>
  );
}
