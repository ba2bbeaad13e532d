/** Light, dark, or as the system says. */
import { effect } from "@preact/signals";
import { theme } from "../store/store";

export function applyTheme(): () => void {
  return effect(() => {
    const { documentElement } = document;
    if (theme.value === "auto") delete documentElement.dataset.theme;
    else documentElement.dataset.theme = theme.value;
  });
}

/** Call back whenever the colours of the page have changed, whoever changed them. */
export function onColours(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  let first = true;
  const stop = theme.subscribe(() => {
    // After the attribute is on the document, whatever order the effects run in.
    if (!first) queueMicrotask(changed);
    first = false;
  });
  return () => {
    dark.removeEventListener("change", changed);
    stop();
  };
}
