/** What the core says, as sentences. */
import type { Problem } from "../wasm/ringside_wasm.js";

/** The core's texts are clauses without capital and full stop, so that any surface can use them. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? "" : ".");
}

export function inWords(problems: Problem[]): string {
  return problems.map(({ path, message, remedy }) => `${sentence(`${path} ${message}`)} ${sentence(remedy)}`).join(" ");
}
