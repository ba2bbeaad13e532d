/**
 * Calls back whenever the device pixel ratio changes (zoom, another screen); returns the function that stops it.
 * Browsers without boxes in device pixels (Safari) report the ratio itself.
 */
export function onPixelRatio(element: Element, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
    return () => observer.disconnect();
  } catch {
    return onMediaRatio(changed);
  }
}

function onMediaRatio(changed: () => void): () => void {
  let query: MediaQueryList;
  const listen = (): void => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", follow, { once: true });
  };
  const follow = (): void => {
    listen();
    changed();
  };
  listen();
  return () => query.removeEventListener("change", follow);
}
