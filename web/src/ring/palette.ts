/** The colours of the style sheet, resolved for a canvas, which does not know custom properties. */

export interface Palette {
  paper: string;
  panel: string;
  ink: string;
  muted: string;
  line: string;
  accent: string;
  danger: string;
  alone: string;
  identified: string;
  pending: string;
  connected: string;
  crashed: string;
  paused: string;
  adversary: string;
  query: string;
  answer: string;
  invitation: string;
  referral: string;
  goodbye: string;
  cutA: string;
  cutB: string;
}

const NAMES: (keyof Palette)[] = [
  "paper", "panel", "ink", "muted", "line", "accent", "danger", "alone", "identified", "pending", "connected", "crashed",
  "paused", "adversary", "query", "answer", "invitation", "referral", "goodbye", "cutA", "cutB",
];

export function readPalette(root: HTMLElement): Palette {
  const probe = document.createElement("i");
  root.append(probe);
  const palette = {} as Palette;
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}

/** Red, green, blue of a computed colour, for pixel buffers. */
export function channels(colour: string): [number, number, number] {
  const parts = colour.match(/[\d.]+/g) ?? [];
  const scale = colour.startsWith("color(") ? 255 : 1;
  return [0, 1, 2].map((i) => Math.round(Number(parts[i] ?? 0) * scale)) as [number, number, number];
}

/** The colours of the states of a peer, in the order of their numbers in frames. */
export function statusColours(palette: Palette): string[] {
  return [palette.alone, palette.identified, palette.pending, palette.connected, palette.crashed, palette.paused];
}
