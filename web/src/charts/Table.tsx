/** Data of a chart as a table, newest first, in pages. */
import { useSignal } from "@preact/signals";
import type uPlot from "uplot";
import { count } from "../ui/format";
import type { Line, Mark } from "./plot";

/** Rows of a page. */
const PAGE = 25;

interface TableProps {
  title: string;
  data: uPlot.AlignedData;
  lines: Line[];
  marks: Mark[];
  format: (value: number | null) => string;
}

export function Table({ title, data, lines, marks, format }: TableProps) {
  const page = useSignal(0);
  const rows = data[0].length;
  const pages = Math.max(1, Math.ceil(rows / PAGE));
  const first = Math.min(page.value, pages - 1) * PAGE;
  const indices = Array.from({ length: Math.min(PAGE, rows - first) }, (_, i) => rows - 1 - first - i);
  const commandsIn = (round: number): string => marks.filter((mark) => Math.floor(mark.round) === round).map((mark) => mark.label).join(", ");
  return (
    <div class="table-wrap" role="region" aria-label={`${title}, as a table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Round</th>
            {lines.map((line) => <th scope="col" key={line.label}>{line.label}</th>)}
            <th scope="col">Commands</th>
          </tr>
        </thead>
        <tbody>
          {indices.map((i) => (
            <tr key={i}>
              <th scope="row">{count(data[0][i] ?? 0)}</th>
              {lines.map((line, column) => <td key={line.label}>{format(data[column + 1]?.[i] ?? null)}</td>)}
              <td>{commandsIn(data[0][i] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="pager">
        <button type="button" disabled={page.value === 0} onClick={() => (page.value -= 1)}>Newer</button>
        <span>{Math.min(page.value + 1, pages)} of {pages}</span>
        <button type="button" disabled={page.value >= pages - 1} onClick={() => (page.value += 1)}>Older</button>
      </div>
    </div>
  );
}
