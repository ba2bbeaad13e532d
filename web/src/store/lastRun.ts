/**
 * The last run, kept in local storage so that it outlives a crash of the tab or of the browser: written into the slot that
 * is not in use, read back, and only then made the one in use.
 */
import { plural } from "../ui/format";
import { reopen } from "./actions";
import { snapshot, type Snapshot } from "./browserHistory";
import * as store from "./store";

/** Time between two saves, in ms. */
const EVERY_MS = 10_000;
/** Characters of a run that are kept at most. */
const LENGTH_MAX = 1_000_000;
const IN_USE = "ringside.last-run";
const SLOTS = ["ringside.last-run.0", "ringside.last-run.1"] as const;

/** What of a storage is used. */
export type Slots = Pick<Storage, "getItem" | "setItem">;

/** Writes a text; the former one stays if any step fails. Returns whether the new one is in use. */
export function writeRun(slots: Slots, text: string): boolean {
  if (text.length > LENGTH_MAX) return false;
  const next = slots.getItem(IN_USE) === "0" ? 1 : 0;
  const sealed = `${checksum(text)} ${text}`;
  try {
    slots.setItem(SLOTS[next], sealed);
    if (slots.getItem(SLOTS[next]) !== sealed) return false;
    slots.setItem(IN_USE, String(next));
    return true;
  } catch {
    return false;
  }
}

/** The text that was written last and is whole; null if there is none. */
export function readRun(slots: Slots): string | null {
  const first = slots.getItem(IN_USE) === "1" ? 1 : 0;
  const texts = [SLOTS[first], SLOTS[1 - first] ?? SLOTS[0]].map((slot) => unsealed(slots.getItem(slot)));
  return texts.find((text) => text !== null) ?? null;
}

function unsealed(sealed: string | null): string | null {
  const at = sealed?.indexOf(" ") ?? -1;
  if (sealed === null || at < 0) return null;
  const text = sealed.slice(at + 1);
  return sealed.slice(0, at) === checksum(text) ? text : null;
}

/** FNV-1a of 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Changes of a run that would be lost with it: commands given and knobs turned. */
function changes(run: Snapshot): number {
  return (run.input.commands?.length ?? 0) - (run.base.commands?.length ?? 0) + run.edits.length;
}

/** Offers the last run if the page was opened without another one, and keeps the present one from now on. */
export function keepLastRun(isNew: boolean): void {
  let slots: Slots;
  try {
    slots = localStorage;
    if (isNew) offer(slots);
  } catch {
    // Storage may be forbidden (embedded page, strict browser): a run then lasts as long as the tab.
    return;
  }
  const save = (): void => {
    const run = snapshot();
    if (run && changes(run) > 0) writeRun(slots, JSON.stringify(run));
  };
  setInterval(save, EVERY_MS);
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);
}

function offer(slots: Slots): void {
  const text = readRun(slots);
  if (text === null) return;
  const run = JSON.parse(text) as Snapshot;
  store.toast.value = {
    text: `Your last run had ${plural(changes(run), "change")} of yours.`,
    action: { label: "Return to it", run: () => reopen(run, true) },
  };
}
