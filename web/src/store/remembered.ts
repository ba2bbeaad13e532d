/** A preference that outlives the page, where the browser lets it. */
import { effect, signal, type Signal } from "@preact/signals";

export function remembered<T extends string>(name: string, initial: T, allowed: readonly T[]): Signal<T> {
  const key = `ringside.${name}`;
  const value = signal(initial);
  try {
    const stored = localStorage.getItem(key);
    const known = allowed.find((option) => option === stored);
    if (known !== undefined) value.value = known;
    effect(() => localStorage.setItem(key, value.value));
  } catch {
    // Storage may be forbidden (an embedded page, a strict browser): the preference lasts as long as the page.
  }
  return value;
}
