/** Keyboard shortcuts: one table for the keys and for the dialog that lists them. */
import { findCommand } from "../commands/focus";
import * as actions from "../store/actions";
import * as store from "../store/store";

export interface Shortcut {
  keys: string[];
  label: string;
  effect: string;
  run(): void;
}

export const SHORTCUTS: Shortcut[] = [
  { keys: [" "], label: "Space", effect: "Play or pause", run: actions.toggle },
  { keys: ["."], label: ".", effect: "Step to the next active tick", run: () => actions.step("event") },
  { keys: [">", "Shift+."], label: "Shift + .", effect: "Step one round", run: () => actions.step("round") },
  { keys: [","], label: ",", effect: "Back one round", run: actions.backOneRound },
  { keys: ["r"], label: "R", effect: "Restart with the same seed and the present knobs", run: () => actions.restart() },
  { keys: ["n"], label: "N", effect: "Restart with a new seed", run: () => void actions.newSeed() },
  { keys: ["s"], label: "S", effect: "Copy a link to this run", run: () => void actions.share() },
  { keys: ["d"], label: "D", effect: "Find a command", run: findCommand },
  { keys: ["?"], label: "?", effect: "Show or hide this dialog", run: () => (store.shortcutsOpen.value = !store.shortcutsOpen.value && !store.pageError.value) },
];

export const OTHER_KEYS: [string, string][] = [
  ["1 … 8", "Speed, from a quarter of a round per second to as fast as possible"],
  ["Esc", "Close, or deselect the peer"],
  ["← →", "On the ring: to the next peer (also Page Up and Down, Home, End)"],
  ["Enter", "On the ring: select the peer"],
];

/** What a key means: the character that it types, or that of a US keyboard where a layout has another alphabet. */
export function meaningOf({ key, code, shiftKey }: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string {
  const plain = key.length === 1 ? key.toLowerCase() : key;
  // Where a full stop takes Shift, Shift belongs to the character and means nothing.
  if (plain === "." || plain === ">" || plain === ":") return shiftKey && code === "Period" ? "Shift+." : plain === ":" ? "." : plain;
  if (/^[a-z0-9?, ]$/.test(plain) || plain.length > 1) return plain;
  const digit = /^Digit([1-8])$/.exec(code)?.[1];
  if (digit !== undefined && !shiftKey) return digit;
  if (code === "Period") return shiftKey ? "Shift+." : ".";
  // Letters of other alphabets, not of another arrangement of the same one.
  return /\p{L}/u.test(plain) ? (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? plain) : plain;
}

/** Starts listening for keys; returns the function that stops it. */
export function listenToKeys(): () => void {
  const life = new AbortController();
  // Space presses a focused button after Tab, but plays or pauses after a click, which leaves the focus on
  // the button.
  let byPointer = false;
  addEventListener("pointerdown", () => (byPointer = true), { signal: life.signal, capture: true });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Tab" || event.key.startsWith("Arrow")) byPointer = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // An open dialog receives all keys; the browser closes it on Escape.
    if (event.key !== "?" && document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return escape();
    if (typing(event.target) || (store.singleKeys.value === "off" && event.key !== "?")) return;
    if (event.key === " " && pressable(event.target)) {
      if (!byPointer) return;
      (event.target as HTMLElement).blur();
    }
    const key = meaningOf(event);
    if (/^[1-8]$/.test(key)) return actions.setSpeed(Number(key) - 1);
    const found = SHORTCUTS.find(({ keys }) => keys.includes(key));
    if (!found || (event.repeat && ![".", ">", ",", "Shift+."].includes(key))) return;
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
