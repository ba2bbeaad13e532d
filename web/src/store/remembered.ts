/** Preference that is kept in local storage, if the browser permits. */
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
    // Storage may be forbidden (embedded page, strict browser): the preference then lasts as long as the
    // page.
  }
  return value;
}
