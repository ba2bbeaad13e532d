/** What the core says, as sentences. */
import { plural } from "../ui/format";
import type { Problem, ScenarioInput } from "../wasm/ringside_wasm.js";

/** The core's texts are clauses without capital and full stop, so that any surface can use them. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? "" : ".");
}

/** What is said while a scenario is being opened. */
export function openingInWords({ set }: ScenarioInput): string {
  const peers = set?.genesis?.peers;
  return typeof peers === "number" ? `Opening a world of ${plural(peers, "peer")}…` : "Opening a world…";
}

export function inWords(problems: Problem[]): string {
  return problems.map(({ path, message, remedy }) => `${sentence(`${path} ${message}`)} ${sentence(remedy)}`).join(" ");
}
