/** Panels in chunks of their own, loaded when they are first shown. */
import { signal } from "@preact/signals";

type View = () => preact.JSX.Element | null;

/** View that loads another one; it offers another attempt if that fails. */
export function lazy(load: () => Promise<{ default: View }>): View {
  const loaded = signal<View | "failed" | null>(null);
  const start = (): void => {
    loaded.value = null;
    load().then((module) => (loaded.value = module.default), () => (loaded.value = "failed"));
  };
  let isStarted = false;
  return function Lazy() {
    const Shown = loaded.value;
    if (!isStarted) {
      isStarted = true;
      queueMicrotask(start);
    }
    if (Shown === null) return <p class="hint" role="status">Loading…</p>;
    if (Shown !== "failed") return <Shown />;
    return <p class="refused" role="alert">This panel could not be loaded. <button type="button" onClick={start}>Try again</button></p>;
  };
}
