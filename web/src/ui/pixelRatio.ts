/** Calls back whenever the device pixel ratio changes (zoom, another screen); returns the function that stops it. */
export function onPixelRatio(changed: () => void): () => void {
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
