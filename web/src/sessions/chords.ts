/** Sessions that are alive as chords of the ring: one for each pair of hosts, by its state. */
import { control, type Point } from "../ring/geometry";
import { indexOfId } from "../ring/ids";
import type { Palette } from "../ring/palette";
import type { Scene } from "../ring/scene";
import type { SessionRows } from "../wasm/ringside_wasm.js";

/** State of a pair, its meaning, and the line that shows it: colour, dashes and width tell states apart. */
export interface ChordState {
  name: "open" | "waiting" | "double" | "half" | "opening" | "ending";
  label: string;
  title: string;
  colour: keyof Palette;
  dash: number[];
  width: number;
}

/** States in the order in which they are drawn and listed. */
export const CHORD_STATES: readonly ChordState[] = [
  { name: "open", label: "open", title: "One session, open at both ends, with no pong outstanding", colour: "connected", dash: [], width: 2 },
  { name: "waiting", label: "pong outstanding", title: "One session, open at both ends, whose dialer waits for a pong", colour: "pending", dash: [9, 3], width: 2 },
  { name: "opening", label: "opening", title: "A dial or a handshake is under way", colour: "identified", dash: [4, 4], width: 1.5 },
  { name: "ending", label: "ending", title: "The end of the stream is not acknowledged yet", colour: "muted", dash: [1, 4], width: 1.5 },
  { name: "half", label: "open at one end", title: "One end has closed, and the other does not know", colour: "danger", dash: [2, 3], width: 2 },
  { name: "double", label: "several sessions", title: "More than one session is open", colour: "adversary", dash: [], width: 3.5 },
];

/** Two hosts with the state of what is between them. */
export interface Chord {
  a: bigint;
  b: bigint;
  state: ChordState["name"];
}

/** Chords drawn at most; among more, those of the selected host alone. */
export const CHORDS_MAX = 1_500;

/** Codes of the rows of the core. */
const DIALLED = 0;
const OPEN = 2;
const CLOSING = 3;
const CLOSED = 4;

/** Ends of the sessions of a pair. */
interface Ends {
  a: bigint;
  b: bigint;
  dialled: number;
  accepted: number;
  opening: boolean;
  waiting: boolean;
}

/** Pairs with a session that is alive, in the order in which they are first met. */
export function chordsOf(rows: SessionRows): Chord[] {
  const pairs = new Map<string, Ends>();
  rows.host.forEach((host, i) => {
    const [peer, state] = [rows.peer[i] ?? 0n, rows.state[i] ?? CLOSED];
    if (peer === 0n || state === CLOSED) return;
    const [a, b] = host < peer ? [host, peer] : [peer, host];
    const key = `${a}-${b}`;
    const ends = pairs.get(key) ?? { a, b, dialled: 0, accepted: 0, opening: false, waiting: false };
    pairs.set(key, ends);
    if (state === OPEN) ends[rows.direction[i] === DIALLED ? "dialled" : "accepted"] += 1;
    else ends.opening ||= state !== CLOSING;
    ends.waiting ||= state === OPEN && (rows.pings[i] ?? 0) > 0;
  });
  return [...pairs.values()].map((ends) => ({ a: ends.a, b: ends.b, state: stateOf(ends) }));
}

function stateOf({ dialled, accepted, opening, waiting }: Ends): ChordState["name"] {
  if (Math.min(dialled, accepted) > 1) return "double";
  if (dialled === 1 && accepted === 1) return waiting ? "waiting" : "open";
  if (opening) return "opening";
  return dialled + accepted > 0 ? "half" : "ending";
}

/** Chords to draw: all of them, or those of the selected host if there are too many. */
export function shownOf(chords: Chord[], selected: bigint | null): Chord[] {
  return chords.length <= CHORDS_MAX ? chords : chords.filter(({ a, b }) => a === selected || b === selected);
}

/** Draws chords behind everything that moves; those of the selected host stand out. */
export function drawChords(ctx: CanvasRenderingContext2D, scene: Scene, chords: Chord[]): void {
  const ids = scene.update?.frame.peerId;
  if (!ids) return;
  const { cx, cy, radius } = scene.layout;
  const selected = scene.selected < 0 ? null : (ids[scene.selected] ?? null);
  const isFaint = ({ a, b }: Chord): boolean => selected !== null && a !== selected && b !== selected;
  const c: Point = { x: 0, y: 0 };
  ctx.save();
  ctx.translate(cx, cy);
  ctx.lineCap = "butt";
  for (const { name, colour, dash, width } of CHORD_STATES) {
    ctx.strokeStyle = scene.palette[colour];
    ctx.setLineDash(dash);
    ctx.lineWidth = width;
    for (const faint of [true, false]) {
      ctx.globalAlpha = faint ? 0.18 : 0.8;
      ctx.beginPath();
      for (const chord of chords) {
        if (chord.state !== name || isFaint(chord) !== faint) continue;
        const [i, j] = [indexOfId(ids, chord.a), indexOfId(ids, chord.b)];
        if (i < 0 || j < 0) continue;
        const [ax, ay] = [(scene.x[i] ?? cx) - cx, (scene.y[i] ?? cy) - cy];
        const [bx, by] = [(scene.x[j] ?? cx) - cx, (scene.y[j] ?? cy) - cy];
        control(ax, ay, bx, by, radius, c);
        ctx.moveTo(ax, ay);
        ctx.quadraticCurveTo(c.x, c.y, bx, by);
      }
      ctx.stroke();
    }
  }
  ctx.restore();
}
