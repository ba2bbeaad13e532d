/** Commands in words. */
import { shortHex } from "../ring/ids";
import { count, plural } from "../ui/format";
import type { Command, Id } from "../wasm/ringside_wasm.js";

/** One or two words, for the flag of a chart. */
export function commandLabel(command: Command): string {
  switch (command.kind) {
    case "set":
      return command.path.slice(command.path.indexOf(".") + 1);
    case "join":
    case "arrive":
    case "sybils":
      return `${command.kind} ${command.count}`;
    case "corrupt":
      return command.conduct;
    case "corrupt-share":
      return `${share(command.share)} ${command.conduct}`;
    case "expire":
      return `expire ${share(command.share)}`;
    case "cut-halves":
    case "cut-one-way":
      return "cut";
    case "cut-regions":
      return `${command.regions} regions`;
    case "leave":
    case "crash":
    case "return":
    case "pause":
    case "resume":
    case "cut":
    case "heal":
    case "isolate":
    case "flap":
    case "hold":
    case "release":
    case "skew":
    case "drift":
    case "lose":
      return command.kind;
    case "release-one":
      return "release";
    case "spoil":
    case "spoil-share":
      return command.harm;
  }
}

/** A whole line, for the log. */
export function commandText(command: Command): string {
  switch (command.kind) {
    case "join":
      return `${count(command.count)} ${command.count === 1 ? "peer joins" : "peers join"}`;
    case "arrive":
      return `${plural(command.count, "newcomer")} with ${plural(command.contacts, "contact")} each and ${share(command.coverage)} of their tokens`;
    case "leave":
      return `${peer(command.peer)} leaves`;
    case "crash":
      return `${peer(command.peer)} crashes`;
    case "return":
      return `${peer(command.peer)} returns`;
    case "pause":
      return `${peer(command.peer)} pauses`;
    case "resume":
      return `${peer(command.peer)} goes on`;
    case "expire":
      return `${share(command.share)} of the running peers stop`;
    case "cut":
      return `Cut from ${peer(command.from)} to ${peer(command.to)}`;
    case "cut-one-way":
      return `Nobody from ${peer(command.from)} to ${peer(command.to)} is heard outside`;
    case "cut-halves":
      return `Cut into two halves, lot ${command.salt}`;
    case "cut-regions":
      return `Cut into ${command.regions} regions`;
    case "isolate":
      return `${peer(command.peer)} is isolated`;
    case "flap":
      return `Cuts come and go every ${plural(command.period, "tick")}`;
    case "heal":
      return "Healed";
    case "hold":
    case "release":
      return `Messages from ${peer(command.from)} to ${peer(command.to)} are ${command.kind === "hold" ? "held" : "released"}`;
    case "release-one":
      return `Message ${command.place} from ${peer(command.from)} to ${peer(command.to)} is released`;
    case "set":
    case "skew":
    case "drift":
    case "lose":
    case "spoil":
    case "spoil-share":
    case "corrupt":
    case "corrupt-share":
    case "sybils":
      return changeText(command);
  }
}

type Change = Extract<Command, { kind: "set" | "skew" | "drift" | "lose" | "spoil" | "spoil-share" | "corrupt" | "corrupt-share" | "sybils" }>;

/** What changes a peer or a knob. */
function changeText(command: Change): string {
  switch (command.kind) {
    case "set":
      return `${command.path} = ${String(command.value)}`;
    case "skew":
      return `The clock of ${peer(command.peer)} is ${clockText(command.direction === "ahead" ? command.rounds : -command.rounds, 1000)}`;
    case "drift":
      return `The clock of ${peer(command.peer)} goes at ${command.rate / 10} % of its pace`;
    case "lose":
      return `${peer(command.peer)} loses ${share(command.share)} of its tokens`;
    case "spoil":
      return `${share(command.share)} of the tokens of ${peer(command.peer)} are ${command.harm}`;
    case "spoil-share":
      return `${share(command.share)} of the tokens of ${share(command.peers)} of the peers are ${command.harm}`;
    case "corrupt":
      return command.conduct === "honest" ? `${peer(command.peer)} is honest again` : `${peer(command.peer)} becomes ${aConduct(command.conduct)}`;
    case "corrupt-share":
      return `${share(command.share)} of the honest peers: each becomes ${aConduct(command.conduct)}`;
    case "sybils":
      return `${plural(command.count, "sybil")} near ${peer(command.near)}, each ${aConduct(command.conduct)}`;
  }
}

/** A clock in words: "5 rounds behind, at 90 % of its pace"; "right" for one that is. */
export function clockText(skew: number, rate: number): string {
  const offset = skew === 0 ? [] : [`${plural(Math.abs(skew), "round")} ${skew > 0 ? "ahead" : "behind"}`];
  const pace = rate === 1000 ? [] : [`at ${rate / 10} % of its pace`];
  return [...offset, ...pace].join(", ") || "right";
}

function aConduct(conduct: string): string {
  return `${/^[aeiou]/.test(conduct) ? "an" : "a"} ${conduct}`;
}

function peer(id: Id): string {
  return `${shortHex(id)}…`;
}

function share(part: number): string {
  return `${Math.round(part * 1000) / 10} %`;
}
