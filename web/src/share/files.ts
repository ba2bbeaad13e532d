/** Files in and out: scenarios as JSON, the history as CSV, the ring as PNG. */
import type { History, Problem, ScenarioInput } from "../wasm/ringside_wasm.js";

export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has its own hold on the data by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** Columns by name, a row a sample; numbers in full, so that nothing is lost on the way to a notebook. */
export function historyCsv(history: History): string {
  const columns = Object.entries<Float64Array>({ ...history });
  const lines = [columns.map(([name]) => name).join(",")];
  for (let row = 0; row < history.round.length; row += 1) {
    lines.push(columns.map(([, values]) => String(values[row] ?? "")).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** A scenario a person wrote; whether it makes sense is for the core to say, whether it is JSON at all is said here. */
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
    remedy: 'A scenario is a JSON object such as {"preset": "seed-000", "seed": 7}. Export one from here to have a pattern.',
  };
}
