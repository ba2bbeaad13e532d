/** Commands in words. */
import { shortHex } from "../ring/ids";
import type { Command } from "../wasm/ringside_wasm.js";

/** One or two words, for the flag of a chart. */
export function commandLabel(command: Command): string {
  switch (command.kind) {
    case "set":
      return command.path.slice(command.path.indexOf(".") + 1);
    case "join":
      return `join ${command.count}`;
    case "leave":
    case "crash":
    case "return":
    case "cut":
    case "heal":
      return command.kind;
  }
}

/** A whole line, for the log. */
export function commandText(command: Command): string {
  switch (command.kind) {
    case "join":
      return `${command.count} ${command.count === 1 ? "peer joins" : "peers join"}`;
    case "leave":
      return `${shortHex(command.peer)}… leaves`;
    case "crash":
      return `${shortHex(command.peer)}… crashes`;
    case "return":
      return `${shortHex(command.peer)}… returns`;
    case "cut":
      return `Cut from ${shortHex(command.from)}… to ${shortHex(command.to)}…`;
    case "heal":
      return "Healed";
    case "set":
      return `${command.path} = ${String(command.value)}`;
  }
}
