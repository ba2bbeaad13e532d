/** Files: the history as CSV, downloads. */
import type { History } from "../wasm/ringside_wasm.js";

export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download holds the data itself once the event loop has run.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** History as CSV, a row per sample, with numbers in full precision. */
export function historyCsv(history: History): string {
  const columns = Object.entries<Float64Array>({ ...history });
  const lines = [columns.map(([name]) => name).join(",")];
  for (let row = 0; row < history.round.length; row += 1) {
    lines.push(columns.map(([, values]) => String(values[row] ?? "")).join(","));
  }
  return `${lines.join("\n")}\n`;
}
