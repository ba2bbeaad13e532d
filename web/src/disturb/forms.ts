/** What can be done to a world beside what has a button of its own: one table, from which the picker and its forms are made. */
import type { Command, Conduct, KnobValue, Problem } from "../wasm/ringside_wasm.js";

export type FieldKind =
  | { type: "count"; min: number; max: number }
  | { type: "share" }
  /** A peer or a place on the ring. `follows` the selected peer until somebody writes something else. */
  | { type: "place"; follows: boolean }
  | { type: "choice"; options: readonly string[] }
  | { type: "conduct" };

export interface Field {
  label: string;
  kind: FieldKind;
  initial: KnobValue;
  unit?: string;
}

export const GROUPS = ["Peers", "Network", "Clocks", "Storage", "Adversaries"] as const;
export type Group = (typeof GROUPS)[number];

export interface Form {
  /** Which it is: two forms may give the same kind of command. */
  id: string;
  kind: Command["kind"];
  group: Group;
  label: string;
  /** What happens, in a sentence. */
  says: string;
  /** Words that somebody may look for it by. */
  also: string;
  fields: Record<string, Field>;
  fixed: Record<string, KnobValue>;
}

type Kind = Command["kind"];
type Values<K extends Kind> = Omit<Command & { kind: K }, "kind">;

/** A form with a field for every value of its command that is not fixed: the compiler holds the table to the contract. */
function form<K extends Kind, X extends keyof Values<K> = never>(
  group: Group, kind: K, label: string, says: string, also: string,
  fields: Record<Exclude<keyof Values<K>, X>, Field>, fixed?: Pick<Values<K>, X>,
): Form {
  return { id: label.toLowerCase().replaceAll(" ", "-"), kind, group, label, says, also, fields, fixed: (fixed ?? {}) as Form["fixed"] };
}

const count = (label: string, initial: number, min: number, max: number, unit = ""): Field =>
  ({ label, initial, unit, kind: { type: "count", min, max } });
const share = (label: string, initial: number): Field => ({ label, initial, kind: { type: "share" } });
const place = (label: string, follows = true, initial = ""): Field => ({ label, initial, kind: { type: "place", follows } });
const conduct = (initial: Conduct): Field => ({ label: "conduct", initial, kind: { type: "conduct" } });

/** Peers that one command may bring. */
const MOST = 100_000;
const PEER = place("peer");
const HARM: Field = { label: "they are", initial: "conflicting", kind: { type: "choice", options: ["lost", "stale", "conflicting"] } };
const LINK = { from: place("from"), to: place("to", false) };

export const FORMS: readonly Form[] = [
  form("Peers", "arrive", "Flash crowd", "Many peers arrive at once; each has heard of some others and holds a share of its tokens.", "join newcomers arrive churn", {
    count: count("peers", 20, 1, MOST), contacts: count("contacts of each", 5, 0, 1000), coverage: share("tokens held", 0.9),
  }),
  form("Peers", "expire", "Mass expiry", "A random share of the running peers stops at once. They may return.", "crash outage", {
    share: share("of running peers", 0.3),
  }),
  form("Peers", "pause", "Pause", "The peer does nothing for the time being, and messages to it wait.", "freeze stop garbage", { peer: PEER }),
  form("Peers", "resume", "Resume", "A paused peer goes on, and gets all that waits.", "continue thaw", { peer: PEER }),
  form("Network", "cut-halves", "Two halves", "No message passes between two halves of the peers, drawn by lot.", "partition split random", {
    salt: count("number of the lot", 1, 0, 4_294_967_295),
  }),
  form("Network", "cut-regions", "Regions", "No message passes between equal arcs of the ring.", "partition split", {
    regions: count("regions", 4, 2, 64),
  }),
  form("Network", "cut-one-way", "One-way cut", "Nobody within the arc is heard outside it; they still hear the others.", "partition asymmetric", {
    from: place("from", false, "4000000000000000"), to: place("up to", false, "8000000000000000"),
  }),
  form("Network", "isolate", "Isolate", "No message passes between this peer and all others.", "partition single", { peer: PEER }),
  form("Network", "flap", "Flapping", "All cuts, present and to come, hold for so long and then do not, in turn, until the ring is healed.", "partition intermittent on off", {
    period: count("on and off every", 50, 1, 1_000_000, "ticks"),
  }),
  form("Network", "hold", "Hold a link", "Messages from one peer to another wait until the link is released.", "delay stall", LINK),
  form("Network", "release", "Release a link", "All that waits on a held link arrives at once.", "free", LINK),
  form("Network", "release-one", "Release a message", "One message of a held link arrives, 0 for the one that was sent first: any order is possible.", "reorder free hold", {
    ...LINK, place: count("which", 0, 0, 1_000_000),
  }),
  form("Clocks", "skew", "Skew", "The clock of the peer is wrong by so many rounds; 0 sets it right.", "time wrong offset", {
    peer: PEER, rounds: count("wrong by", 10, 0, 1_000_000, "rounds"),
    direction: { label: "direction", initial: "ahead", kind: { type: "choice", options: ["ahead", "behind"] } },
  }),
  form("Clocks", "drift", "Drift", "The clock of the peer goes too slowly or too fast, and the peer with it; 1000 sets it right.", "time pace speed", {
    peer: PEER, rate: count("pace", 800, 100, 4000, "‰"),
  }),
  form("Storage", "lose", "Lose tokens", "The peer loses a share of the tokens it holds, for good.", "disk data", {
    peer: PEER, share: share("of its tokens", 0.5),
  }),
  form("Storage", "spoil", "Spoil a view", "A share of the peer's tokens has out-of-date blocks, or blocks in conflict with the others'; 0 puts it right.", "stale conflict split brain fork", {
    peer: PEER, harm: HARM, share: share("of its tokens", 0.5),
  }),
  form("Storage", "spoil-share", "Spoil many views", "The same for a random share of the running peers: those in conflict agree with one another.", "stale conflict lose split brain fork", {
    peers: share("of running peers", 0.5), harm: HARM, share: share("of their tokens", 1),
  }),
  form("Adversaries", "corrupt", "Corrupt", "The peer breaks a rule from now on, and keeps all others.", "byzantine cheat adversary", {
    peer: PEER, conduct: conduct("forger"),
  }),
  form("Adversaries", "corrupt-share", "Corrupt a share", "A random share of the honest peers breaks a rule from now on.", "byzantine cheat adversary", {
    share: share("of honest peers", 0.1), conduct: conduct("withholder"),
  }),
  form("Adversaries", "sybils", "Sybils", "Adversaries arrive at the vacant tokens nearest to a place, and surround who lives there.", "byzantine eclipse attack", {
    near: place("near"), count: count("adversaries", 8, 1, MOST), conduct: conduct("eclipser"),
  }),
  form("Adversaries", "corrupt", "Make honest", "The peer keeps all rules again.", "repair reform corrupt", { peer: PEER }, { conduct: "honest" }),
];

export function formById(id: string | null): Form | undefined {
  return FORMS.find((candidate) => candidate.id === id);
}

/** Forms that have all words of a text somewhere, those whose names begin with it first. */
export function findForms(text: string): Form[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = FORMS.filter(({ label, group, says, also, kind }) => {
    const all = `${label} ${group} ${kind} ${says} ${also}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const first = words.join(" ");
  const rank = (form: Form): number => (form.label.toLowerCase().startsWith(first) ? 0 : form.label.toLowerCase().includes(first) ? 1 : 2);
  return words.length === 0 ? found : found.sort((a, b) => rank(a) - rank(b));
}

/** The value of a field as it stands: what was written, or the selected peer, or where the form begins. */
export function valueOf(field: Field, written: KnobValue | undefined, selected: string | null): KnobValue {
  if (written !== undefined) return written;
  return field.kind.type === "place" && field.kind.follows && selected !== null ? selected : field.initial;
}

/** What is to be written down when a peer is selected: of several places, the first stays with the first selected peer. */
export function caught(form: Form, written: Readonly<Record<string, KnobValue>>, selected: string | null): Record<string, KnobValue> {
  const places = Object.entries(form.fields).filter(([, { kind }]) => kind.type === "place");
  if (selected === null || places.length < 2) return {};
  const open = places.filter(([name, { kind }]) => kind.type === "place" && kind.follows && written[name] === undefined);
  return Object.fromEntries(open.map(([name]) => [name, selected]));
}

/** The command of a filled form. Whether it makes sense is for the core to say. */
export function commandOf(form: Form, written: Readonly<Record<string, KnobValue>>, selected: string | null): Command {
  const values = Object.entries(form.fields).map(([name, field]) => [name, valueOf(field, written[name], selected)]);
  return { kind: form.kind, ...Object.fromEntries(values), ...form.fixed } as Command;
}

/** Problems by the field they are about; those about none are under "". The core names places such as "command.peer" and "peer". */
export function problemsByField(form: Form, problems: Problem[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const name = problem.path.slice(problem.path.lastIndexOf(".") + 1);
    const key = name in form.fields ? name : "";
    found.set(key, [...(found.get(key) ?? []), problem]);
  }
  return found;
}
