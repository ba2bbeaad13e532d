/** Colour tokens of the style sheet, resolved for canvases, which cannot use custom properties. */
import { PEER_STATES } from "../protocol/peerStates";

const TOKENS = [
  "paper", "panel", "ink", "muted", "line", "accent", "danger", "alone", "identified", "pending", "connected", "crashed",
  "paused", "adversary", "query", "goodbye", "cutA", "cutB",
] as const;

export type Palette = Record<(typeof TOKENS)[number], string>;

export function readPalette(root: HTMLElement): Palette {
  const probe = document.createElement("i");
  root.append(probe);
  // With forced colours, every token would otherwise resolve to the same system colour.
  probe.style.setProperty("forced-color-adjust", "none");
  const palette = {} as Palette;
  for (const token of TOKENS) {
    probe.style.color = `var(--${token})`;
    palette[token] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}

/** Red, green and blue (0 to 255) of a computed colour, for pixel buffers. */
export function channels(colour: string): [number, number, number] {
  const parts = colour.match(/[\d.]+/g) ?? [];
  const scale = colour.startsWith("color(") ? 255 : 1;
  return [0, 1, 2].map((i) => Math.round(Number(parts[i] ?? 0) * scale)) as [number, number, number];
}

/** Colours of the peer states by their codes. */
export function statusColours(palette: Palette): string[] {
  return PEER_STATES.map(({ name }) => palette[name]);
}
