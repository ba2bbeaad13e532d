/** Plots by uPlot in the style of the page. */
import uPlot from "uplot";
import { readPalette, type Palette } from "../ring/palette";

export interface Line {
  label: string;
  colour: keyof Palette;
  width?: number;
  dash?: number[];
  /** Whether the area down to the axis is filled. */
  fill?: boolean;
}

/** Flag on the time axis. */
export interface Mark {
  round: number;
  label: string;
}

export interface PlotOptions {
  lines: Line[];
  height: number;
  percent: boolean;
  /** Fixed range of the y axis [default: from 0 to just above the maximum]. */
  range?: [number, number];
  /** Filled areas between pairs of lines. */
  bands?: { from: number; to: number; colour: keyof Palette; alpha: number }[];
  /** Index of the sample under the pointer; null if there is none. */
  onSample(index: number | null): void;
}

export interface Plot {
  set(data: uPlot.AlignedData, marks: Mark[]): void;
  recolour(): void;
  destroy(): void;
}

export function createPlot(host: HTMLElement, options: PlotOptions): Plot {
  let marks: Mark[] = [];
  let data: uPlot.AlignedData = [[], ...options.lines.map(() => [])];
  let plot = build();

  function build(): uPlot {
    const palette = readPalette(document.body);
    const width = Math.max(120, host.clientWidth);
    return new uPlot(describe(options, palette, width, () => marks), data, host);
  }

  const observer = new ResizeObserver(() => {
    const width = host.clientWidth;
    if (width > 0 && Math.abs(width - plot.width) > 1) plot.setSize({ width, height: options.height });
  });
  observer.observe(host);

  return {
    set(next, nextMarks) {
      data = next;
      marks = nextMarks;
      plot.setData(data);
    },
    recolour() {
      plot.destroy();
      plot = build();
    },
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function describe(options: PlotOptions, palette: Palette, width: number, marks: () => Mark[]): uPlot.Options {
  const font = "11px system-ui, sans-serif";
  const axis = { stroke: palette.muted, font, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
  const asText = options.percent
    ? (value: number): string => `${Math.round(value * 1000) / 10} %`
    : (value: number): string => String(value);
  return {
    width,
    height: options.height,
    // Flags have a line of their own above the plot.
    padding: [() => (marks().length > 0 ? 18 : 8), 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
    scales: {
      x: { time: false, range: (u, min, max) => (u.data[0].length < 2 ? [0, 10] : [min, Math.max(max, min + 10)]) },
      y: options.range ? { range: options.range } : { range: (_, __, max) => [0, niceTop(max, options.percent)] },
    },
    axes: [
      { ...axis, size: 24, gap: 4, grid: { show: false } },
      { ...axis, size: options.percent ? 46 : 34, gap: 6, values: (_, ticks) => ticks.map(asText), space: 34 },
    ],
    series: [
      {},
      ...options.lines.map((line): uPlot.Series => ({
        label: line.label,
        stroke: palette[line.colour],
        width: line.width ?? 1.75,
        points: { show: false },
        ...(line.dash ? { dash: line.dash } : {}),
        ...(line.fill ? { fill: withAlpha(palette[line.colour], 0.1) } : {}),
      })),
    ],
    bands: (options.bands ?? []).map(({ from, to, colour, alpha }) => ({
      series: [to, from] as [number, number], fill: withAlpha(palette[colour], alpha),
    })),
    hooks: {
      setCursor: [(u) => options.onSample(u.cursor.idx ?? null)],
      drawClear: [(u) => drawMarks(u, marks(), palette)],
    },
  };
}

/** Top of the y axis: the next round number above the maximum, so that the scale changes seldom. */
function niceTop(max: number, percent: boolean): number {
  if (!Number.isFinite(max) || max <= 0) return percent ? 0.2 : 4;
  const steps = percent ? [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 10] : [4, 6, 8, 12, 16, 20, 30, 40, 60, 80, 120, 200, 400];
  // Shares up to 1 do not extend the axis beyond 100 %.
  const needed = percent && max <= 1 ? Math.min(max * 1.08, 1) : max * 1.08;
  return steps.find((step) => step >= needed) ?? needed;
}

export function withAlpha(colour: string, alpha: number): string {
  const parts = colour.match(/[\d.]+/g) ?? [];
  return `rgba(${parts.slice(0, 3).join(", ")}, ${alpha})`;
}

/** Draws commands on the time axis as thin lines with a flag. */
function drawMarks(u: uPlot, marks: Mark[], palette: Palette): void {
  const { ctx, bbox } = u;
  const dpr = devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = palette.muted;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = dpr;
  ctx.font = `${10 * dpr}px system-ui, sans-serif`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.setLineDash([2 * dpr, 3 * dpr]);
  let free = -Infinity;
  for (const mark of marks) {
    const x = u.valToPos(mark.round, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(mark.label).width;
    const left = Math.max(0, Math.min(x - width / 2, bbox.left + bbox.width - width));
    // Flags that would overlap are omitted: the log lists every command.
    if (left < free) continue;
    ctx.fillText(mark.label, left, bbox.top - 2 * dpr);
    free = left + width + 6 * dpr;
  }
  ctx.restore();
}
