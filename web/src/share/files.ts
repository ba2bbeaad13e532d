/** Files: scenarios as JSON, the history as CSV, downloads. */
import type { History, Problem, ScenarioInput } from "../wasm/ringside_wasm.js";

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

/** Parses the JSON of a scenario file. The core validates the scenario. */
export function parseScenario(text: string): { input: ScenarioInput } | { problem: Problem } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { input: value };
    return { problem: notScenario("The file holds JSON, but not an object.") };
  } catch (error) {
    return { problem: notScenario(error instanceof Error ? error.message : String(error)) };
  }
}

function notScenario(message: string): Problem {
  return {
    path: "file",
    message,
    remedy: 'A scenario is a JSON object such as {"preset": "seed-000", "seed": 7}. Export one here to get a template.',
  };
}
