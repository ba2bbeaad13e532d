/** Charts of the columns of a history that no other chart draws, by the groups of the table of metrics. */
import type { Palette } from "../ring/palette";
import { MESSAGE_KINDS } from "../protocol/messageKinds";
import type { Column, History } from "../wasm/ringside_wasm.js";
import { WINDOW } from "./rates";

/** Columns that charts of the page draw by hand. */
const DRAWN = new Set<string>([...MESSAGE_KINDS.map(({ name }) => name), "connected_min", "connected_avg", "connected_max"]);

/** Colours of the lines of a group, in order. */
export const COLOURS: (keyof Palette)[] = ["connected", "accent", "pending", "identified", "crashed", "muted"];

export interface Group {
  title: string;
  columns: Column[];
}

/** Groups with at least one column that no other chart draws, in the order of the table. */
export function groupsOf(columns: readonly Column[]): Group[] {
  const groups = new Map<string, Column[]>();
  for (const one of columns) {
    if (!one.chart || DRAWN.has(one.name)) continue;
    groups.set(one.chart.group, [...(groups.get(one.chart.group) ?? []), one]);
  }
  return [...groups].map(([title, members]) => ({ title, columns: members }));
}

/** A column by its name; empty if the history lacks it. */
export function column(history: History, name: string): Float64Array {
  return history[name] ?? new Float64Array();
}

/** Values of a column at each sample: levels as they are, counts as their mean per round over the last rounds. */
export function valuesOf(history: History, { name, cumulative }: Column, window = WINDOW): (number | null)[] {
  const values = column(history, name);
  if (!cumulative) return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  let back = 0;
  return Array.from(history.round, (round, i) => {
    while ((history.round[back + 1] ?? Infinity) <= round - window) back += 1;
    const rounds = round - (history.round[back] ?? 0);
    return rounds > 0 ? ((values[i] ?? 0) - (values[back] ?? 0)) / rounds : null;
  });
}

/** Whether a group has anything to show. */
export function isBlank(history: History, { columns }: Group): boolean {
  return columns.every(({ name }) => column(history, name).every((value) => value === 0 || Number.isNaN(value)));
}

/** Definition of the lines, under the title. */
export function unitText({ columns }: Group): string {
  return [...new Set(columns.map(({ unit, cumulative }) => (cumulative ? `${unit} per round, over the last ${WINDOW} rounds` : unit)))].join("; ");
}

/** Values at the last sample with their meanings: "Mean number of peers (3.2)". */
export function columnsSentence({ columns }: Group): string {
  return columns.map(({ chart, meaning }) => `${chart?.title ?? ""}: ${meaning.replace(/\.$/, "")}`).join("; ") + ".";
}
