/** Colour theme: light, dark, or that of the system. */
import { effect } from "@preact/signals";
import { theme } from "../store/store";

export function applyTheme(): () => void {
  return effect(() => {
    const { documentElement } = document;
    if (theme.value === "auto") delete documentElement.dataset.theme;
    else documentElement.dataset.theme = theme.value;
  });
}

/** Calls back whenever the colours of the page change; returns the function that stops it. */
export function onColours(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  let first = true;
  const stop = theme.subscribe(() => {
    // Deferred until the attribute is on the document, since the order of effects is not defined.
    if (!first) queueMicrotask(changed);
    first = false;
  });
  return () => {
    dark.removeEventListener("change", changed);
    stop();
  };
}
