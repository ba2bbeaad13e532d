/** Charts of all other columns of the history, drawn from the table of metrics without naming any. */
import { useComputed, useSignal } from "@preact/signals";
import type uPlot from "uplot";
import * as store from "../store/store";
import { mean, percent } from "../ui/format";
import { marks } from "./charts";
import { Chart } from "./Chart";
import { COLOURS, columnsSentence, groupsOf, isBlank, unitText, valuesOf, type Group } from "./columns";

export function ColumnCharts() {
  const open = useSignal(false);
  const groups = groupsOf(store.columns.value);
  const history = store.history.value;
  if (groups.length === 0) return null;
  const isShown = (group: Group): boolean => history !== null && !isBlank(history, group);
  const titles = (of: Group[]): string => of.map(({ title }) => title.toLowerCase()).join(", ");
  const shown = groups.filter(isShown);
  const blank = groups.filter((group) => !isShown(group));
  return (
    <details class="section column-charts" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary><span>More charts <small>{titles(shown)}</small></span></summary>
      {open.value && shown.map((group) => <ColumnChart key={group.title} group={group} />)}
      {open.value && blank.length > 0 && <p class="hint">Nothing to show so far of {titles(blank)}.</p>}
    </details>
  );
}

function ColumnChart({ group }: { group: Group }) {
  const data = useComputed(() => {
    const history = store.history.value;
    return (history ? [history.round, ...group.columns.map((column) => valuesOf(history, column))] : [[]]) as unknown as uPlot.AlignedData;
  });
  const isShare = group.columns.every(({ unit }) => unit === "share");
  const lines = group.columns.map(({ chart }, i) => ({ label: chart?.title ?? "", colour: COLOURS[i % COLOURS.length] ?? "muted", width: 1.5 }));
  return (
    <Chart
      testId={`group-${group.title}`}
      title={group.title}
      subtitle={unitText(group)}
      sentence={columnsSentence(group)}
      options={{ lines, height: 120, percent: isShare }}
      data={data.value}
      marks={marks.value}
      format={(value) => (isShare ? percent(value) : mean(value ?? NaN))}
    />
  );
}
