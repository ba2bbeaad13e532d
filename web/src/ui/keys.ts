/** The keyboard: one table for what keys do and for the sheet that says so. */
import * as actions from "../store/actions";
import * as store from "../store/store";

export interface Shortcut {
  keys: string[];
  label: string;
  does: string;
  run(): void;
}

export const SHORTCUTS: Shortcut[] = [
  { keys: [" "], label: "Space", does: "Play or pause", run: actions.toggle },
  { keys: ["."], label: ".", does: "Step to the next tick in which something happens", run: () => actions.step("event") },
  { keys: [">", "Shift+."], label: "Shift + .", does: "Step one round", run: () => actions.step("round") },
  { keys: [","], label: ",", does: "Back one round", run: actions.backOneRound },
  { keys: ["r"], label: "R", does: "Restart: same seed, knobs as they stand", run: () => actions.restart() },
  { keys: ["n"], label: "N", does: "Restart with a new seed", run: () => void actions.newSeed() },
  { keys: ["s"], label: "S", does: "Copy a link to this very run", run: () => void actions.share() },
  { keys: ["d"], label: "D", does: "Find something to do to the world", run: findDisturbance },
  { keys: ["?"], label: "?", does: "Show or hide this sheet", run: () => (store.sheet.value = !store.sheet.value && !store.trouble.value) },
];

export const OTHER_KEYS: [string, string][] = [
  ["1 … 8", "Speed, from a quarter of a round per second to as fast as possible"],
  ["Esc", "Close, or let go of the selected peer"],
  ["← →", "On the ring: from peer to peer (Page keys leap, Home and End too)"],
  ["Enter", "On the ring: select the peer"],
];

function findDisturbance(): void {
  store.tab.value = "disturb";
  // The field is on the page once the panel is.
  requestAnimationFrame(() => document.getElementById("find-disturbance")?.focus());
}

/** Listen for keys until the returned function is called. */
export function listenToKeys(): () => void {
  const life = new AbortController();
  // After a click the focus stays on the button, but a space then means the run; after Tab it means the button.
  let byPointer = false;
  addEventListener("pointerdown", () => (byPointer = true), { signal: life.signal, capture: true });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Tab" || event.key.startsWith("Arrow")) byPointer = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // A dialog has the keyboard to itself; the browser closes it on Escape.
    if (event.key !== "?" && document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return escape();
    if (typing(event.target) || (store.singleKeys.value === "off" && event.key !== "?")) return;
    if (event.key === " " && pressable(event.target)) {
      if (!byPointer) return;
      (event.target as HTMLElement).blur();
    }
    if (/^[1-8]$/.test(event.key)) return actions.setSpeed(Number(event.key) - 1);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const named = (name: string): Shortcut | undefined => SHORTCUTS.find(({ keys }) => keys.includes(name));
    // What the key means with Shift comes first; not every layout has another sign there.
    const found = (event.shiftKey ? named(`Shift+${key}`) : undefined) ?? named(key);
    if (!found || (event.repeat && ![".", ">", ","].includes(key))) return;
    event.preventDefault();
    found.run();
  };
  addEventListener("keydown", onKey, { signal: life.signal });
  return () => life.abort();
}

function escape(): void {
  if (store.toast.value) store.toast.value = null;
  else if (store.selected.value !== null) actions.select(null);
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function pressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("button, summary, a, [role=tab], input:not([type=range])");
}
