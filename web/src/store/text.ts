/** Texts of the core as sentences. */
import { plural } from "../ui/format";
import type { Problem } from "../wasm/ringside_wasm.js";
import type { Source } from "../worker/workerMessages";

/** Clause of the core as a sentence, with a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? "" : ".");
}

/** Notice while a scenario is being opened. */
export function openingText(source: Source): string {
  if (source.kind === "file") return `Opening ${source.name}…`;
  const peers = source.kind === "scenario" ? source.input.set?.genesis?.peers : undefined;
  return typeof peers === "number" ? `Opening a world of ${plural(peers, "peer")}…` : "Opening a world…";
}

export function problemText(problems: Problem[]): string {
  return problems.map(({ path, message, remedy }) => `${sentence(`${path} ${message}`)} ${sentence(remedy)}`).join(" ");
}
