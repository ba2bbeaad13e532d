/**
 * Table of commands: the only description of commands on the page. A row has the flag of a chart, the line
 * of the log, and the forms that give the command; commands without a form have a control of their own.
 */
import type { PeerGlyph } from "../ui/Glyph";
import { plural } from "../ui/format";
import type { Command, KnobValue } from "../wasm/ringside_wasm.js";
import { behavior, choice, count, id, share, type Field } from "./fields";
import { aBehavior, clockText, peer, percentOf } from "./words";

type Kind = Command["kind"];
type Of<K extends Kind> = Command & { kind: K };
type Values<K extends Kind> = Omit<Of<K>, "kind">;

export const GROUPS = ["Peers", "Network", "Clocks", "Storage", "Blocks", "Adversaries"] as const;
export type Group = (typeof GROUPS)[number];

interface FormTexts {
  group: Group;
  label: string;
  /** Effect of the command, in a sentence. */
  effect: string;
  /** Further search terms. */
  keywords: string;
}

/** Form with a field for every value of its command, or for all but one, which is fixed. */
type FormRow<K extends Kind> = FormTexts & (
  | { fields: Record<keyof Values<K>, Field> }
  | { [X in keyof Values<K>]: { fields: Record<Exclude<keyof Values<K>, X>, Field>; fixed: Pick<Values<K>, X> } }[keyof Values<K>]
);

interface Row<K extends Kind> {
  /** One or two words, for the flag of a chart. */
  flag: (command: Of<K>) => string;
  /** Line of the log. */
  text: (command: Of<K>) => string;
  /** Glyph of the log, if the command leaves a mark on the ring. */
  glyph?: PeerGlyph;
  forms?: readonly FormRow<K>[];
}

/** Maximum number of peers that one command may add. */
const MAX_JOINING = 100_000;
const PEER = id("peer");
const LINK = { from: id("from"), to: id("to", false) };
const FAULT = choice("state", ["lost", "stale", "conflicting"], "conflicting");

const ROWS: { [K in Kind]: Row<K> } = {
  "join": { flag: (c) => `join ${c.count}`, text: (c) => plural(c.count, "peer joins", "peers join") },
  "leave": { flag: () => "leave", text: (c) => `${peer(c.peer)} leaves` },
  "crash": { flag: () => "crash", text: (c) => `${peer(c.peer)} crashes`, glyph: "crashed" },
  "return": { flag: () => "return", text: (c) => `${peer(c.peer)} returns` },
  "arrive": {
    flag: (c) => `arrive ${c.count}`,
    text: (c) => `${plural(c.count, "newcomer")} with ${plural(c.contacts, "contact")} each and ${percentOf(c.coverage)} of their tokens`,
    forms: [{
      group: "Peers", label: "Flash crowd", keywords: "join newcomers arrive churn",
      effect: "Many peers join at once; each knows some others and holds a share of its tokens.",
      fields: { count: count("peers", 20, 1, MAX_JOINING), contacts: count("contacts of each", 5, 0, 1000), coverage: share("tokens held", 0.9) },
    }],
  },
  "expire": {
    flag: (c) => `expire ${percentOf(c.share)}`, text: (c) => `${percentOf(c.share)} of the running peers stop`, glyph: "crashed",
    forms: [{
      group: "Peers", label: "Mass expiry", keywords: "crash outage",
      effect: "A random share of the running peers stops at once. They may return.", fields: { share: share("of running peers", 0.3) },
    }],
  },
  "pause": {
    flag: () => "pause", text: (c) => `${peer(c.peer)} pauses`, glyph: "paused",
    forms: [{
      group: "Peers", label: "Pause", keywords: "freeze stop garbage",
      effect: "The peer does nothing until it is resumed, and messages to it wait.", fields: { peer: PEER },
    }],
  },
  "resume": {
    flag: () => "resume", text: (c) => `${peer(c.peer)} resumes`,
    forms: [{
      group: "Peers", label: "Resume", keywords: "continue thaw",
      effect: "The paused peer resumes, and receives all messages that wait.", fields: { peer: PEER },
    }],
  },
  "restart": {
    flag: () => "restart", glyph: "crashed",
    text: (c) => `${peer(c.peer)} restarts${c.identity === "new" ? " with a new id" : ""}`,
    forms: [{
      group: "Peers", label: "Restart", keywords: "reboot memory disk reborn identity",
      effect: "The peer loses its memory and boots again from its disk, as the same peer or with a new id.",
      fields: { peer: PEER, identity: choice("identity", ["keep", "new"]) },
    }],
  },
  "submit": {
    flag: () => "block",
    text: (c) => `A block enters at ${peer(c.peer)}${c.versions > 1 ? `, in ${c.versions} versions` : ""}`,
    forms: [{
      group: "Blocks", label: "Submit a block", keywords: "transaction token commit double spend conflict",
      effect: "A client submits a block of fresh tokens through the peer. Several versions conflict with each other.",
      fields: { peer: PEER, tokens: count("tokens", 2, 1, 6), versions: count("versions", 1, 1, 8) },
    }],
  },
  "cut": { flag: () => "cut", text: (c) => `Partition from ${peer(c.from)} to ${peer(c.to)}` },
  "heal": { flag: () => "heal", text: () => "Partitions healed" },
  "cut-halves": {
    flag: () => "cut", text: (c) => `Partition into two random halves, seed ${c.salt}`,
    forms: [{
      group: "Network", label: "Two halves", keywords: "partition split random",
      effect: "Partitions the peers into two random halves.", fields: { salt: count("seed of the split", 1, 0, 4_294_967_295) },
    }],
  },
  "cut-regions": {
    flag: (c) => `${c.regions} regions`, text: (c) => `Partition into ${c.regions} regions`,
    forms: [{
      group: "Network", label: "Regions", keywords: "partition split",
      effect: "Partitions the ring into equal arcs.", fields: { regions: count("regions", 4, 2, 64) },
    }],
  },
  "cut-one-way": {
    flag: () => "cut", text: (c) => `Messages out of the arc from ${peer(c.from)} to ${peer(c.to)} are dropped`,
    forms: [{
      group: "Network", label: "One-way cut", keywords: "partition asymmetric",
      effect: "Drops messages out of the arc; messages into it still arrive.",
      fields: { from: id("from", false, "4000000000000000"), to: id("up to", false, "8000000000000000") },
    }],
  },
  "isolate": {
    flag: () => "isolate", text: (c) => `${peer(c.peer)} is isolated`,
    forms: [{
      group: "Network", label: "Isolate", keywords: "partition single",
      effect: "Partitions this peer from all others.", fields: { peer: PEER },
    }],
  },
  "flap": {
    flag: () => "flap", text: (c) => `Partitions alternate every ${plural(c.period, "tick")}`,
    forms: [{
      group: "Network", label: "Flapping", keywords: "partition intermittent on off",
      effect: "All partitions, present and future, are in force and lifted in alternation until the ring is healed.",
      fields: { period: count("on and off every", 50, 1, 1_000_000, "ticks") },
    }],
  },
  "hold": {
    flag: () => "hold", text: (c) => `Messages from ${peer(c.from)} to ${peer(c.to)} are held`,
    forms: [{
      group: "Network", label: "Hold a link", keywords: "delay stall",
      effect: "Holds messages from one peer to another until the link is released.", fields: LINK,
    }],
  },
  "release": {
    flag: () => "release", text: (c) => `Messages from ${peer(c.from)} to ${peer(c.to)} are released`,
    forms: [{
      group: "Network", label: "Release a link", keywords: "free",
      effect: "Delivers all messages of a held link at once, and holds no more.", fields: LINK,
    }],
  },
  "release-one": {
    flag: () => "release", text: (c) => `Message ${c.place} from ${peer(c.from)} to ${peer(c.to)} is released`,
    forms: [{
      group: "Network", label: "Release a message", keywords: "reorder free hold",
      effect: "Delivers one message of a held link, 0 being the oldest, so that messages can be reordered.",
      fields: { ...LINK, place: count("index", 0, 0, 1_000_000) },
    }],
  },
  "set": {
    flag: (c) => c.path.slice(c.path.indexOf(".") + 1), text: (c) => `${c.path} = ${String(c.value)}`,
  },
  "skew": {
    flag: () => "skew", text: (c) => `The clock of ${peer(c.peer)} is ${clockText(c.direction === "ahead" ? c.rounds : -c.rounds, 1000)}`,
    forms: [{
      group: "Clocks", label: "Skew", keywords: "time wrong offset",
      effect: "Sets the offset of the peer's clock; 0 is correct.",
      fields: { peer: PEER, rounds: count("offset", 10, 0, 1_000_000, "rounds"), direction: choice("direction", ["ahead", "behind"]) },
    }],
  },
  "drift": {
    flag: () => "drift", text: (c) => `The clock of ${peer(c.peer)} runs at ${c.rate / 10} % of its rate`,
    forms: [{
      group: "Clocks", label: "Drift", keywords: "time pace speed",
      effect: "Sets the rate of the peer's clock, by which it acts; 1000 = normal.", fields: { peer: PEER, rate: count("rate", 800, 100, 4000, "‰") },
    }],
  },
  "lose": {
    flag: () => "lose", text: (c) => `${peer(c.peer)} loses ${percentOf(c.share)} of its tokens`,
    forms: [{
      group: "Storage", label: "Lose tokens", keywords: "disk data",
      effect: "The peer loses a share of its tokens for good.", fields: { peer: PEER, share: share("of its tokens", 0.5) },
    }],
  },
  "spoil": {
    flag: (c) => c.harm, text: (c) => `${percentOf(c.share)} of the tokens of ${peer(c.peer)} are ${c.harm}`,
    forms: [{
      group: "Storage", label: "Storage fault", keywords: "spoil view stale conflict split brain fork",
      effect: "Makes a share of the peer's tokens lost, out of date, or in conflict with those of others; 0 repairs them.",
      fields: { peer: PEER, harm: FAULT, share: share("of its tokens", 0.5) },
    }],
  },
  "spoil-share": {
    flag: (c) => c.harm, text: (c) => `${percentOf(c.share)} of the tokens of ${percentOf(c.peers)} of the peers are ${c.harm}`,
    forms: [{
      group: "Storage", label: "Many storage faults", keywords: "spoil views stale conflict lose split brain fork",
      effect: "The same for a random share of the running peers; conflicting blocks are the same at all of them.",
      fields: { peers: share("of running peers", 0.5), harm: FAULT, share: share("of their tokens", 1) },
    }],
  },
  "corrupt": {
    flag: (c) => c.conduct, glyph: "adversary",
    text: (c) => (c.conduct === "honest" ? `${peer(c.peer)} is honest again` : `${peer(c.peer)} becomes ${aBehavior(c.conduct)}`),
    forms: [
      {
        group: "Adversaries", label: "Corrupt", keywords: "byzantine cheat adversary",
        effect: "The peer becomes an adversary: it breaks one rule of the protocol and keeps all others.", fields: { peer: PEER, conduct: behavior("forger") },
      },
      {
        group: "Adversaries", label: "Make honest", keywords: "repair reform corrupt",
        effect: "The peer keeps all rules again.", fields: { peer: PEER }, fixed: { conduct: "honest" },
      },
    ],
  },
  "corrupt-share": {
    flag: (c) => `${percentOf(c.share)} ${c.conduct}`, glyph: "adversary",
    text: (c) => `${percentOf(c.share)} of the honest peers: each becomes ${aBehavior(c.conduct)}`,
    forms: [{
      group: "Adversaries", label: "Corrupt a share", keywords: "byzantine cheat adversary",
      effect: "A random share of the honest peers become adversaries.",
      fields: { share: share("of honest peers", 0.1), conduct: behavior("withholder") },
    }],
  },
  "sybils": {
    flag: (c) => `sybils ${c.count}`, text: (c) => `${plural(c.count, "sybil")} near ${peer(c.near)}, each ${aBehavior(c.conduct)}`, glyph: "adversary",
    forms: [{
      group: "Adversaries", label: "Sybils", keywords: "byzantine eclipse attack",
      effect: "Adversaries join at the vacant tokens nearest to an id, and surround the peer there.",
      fields: { near: id("near"), count: count("adversaries", 8, 1, MAX_JOINING), conduct: behavior("eclipser") },
    }],
  },
};

export interface Form {
  /** Unique id: two forms may give the same kind of command. */
  id: string;
  kind: Kind;
  group: Group;
  label: string;
  effect: string;
  keywords: string;
  fields: Record<string, Field>;
  fixed: Record<string, KnobValue>;
}

/** All forms, in the order of the table. */
export const FORMS: readonly Form[] = (Object.entries(ROWS) as [Kind, Row<Kind>][]).flatMap(([kind, { forms = [] }]) =>
  forms.map((form) => ({ fixed: {}, ...form, kind, id: form.label.toLowerCase().replaceAll(" ", "-") })),
);

function rowOf(command: Command): Row<Kind> {
  return ROWS[command.kind] as Row<Kind>;
}

export const commandFlag = (command: Command): string => rowOf(command).flag(command);
export const commandText = (command: Command): string => rowOf(command).text(command);
export const commandGlyph = (kind: Kind): PeerGlyph | undefined => ROWS[kind].glyph;
