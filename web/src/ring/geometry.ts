/** Where things are on the ring: turns in [0, 1) run clockwise from the top. Nothing here draws. */

export interface Point {
  x: number;
  y: number;
}

/** A place for the ring in a canvas, in CSS pixels. */
export interface Place {
  width: number;
  height: number;
  cx: number;
  cy: number;
  radius: number;
}

const TAU = 2 * Math.PI;
/** Paths bend towards the middle but leave this share of the radius free for the numbers there. */
const QUIET = 0.4;

/** The angle a canvas understands: zero at three o'clock, clockwise. */
export function angleOf(turn: number): number {
  return turn * TAU - Math.PI / 2;
}

export function pointAt(place: Place, turn: number, radius = place.radius): Point {
  const angle = angleOf(turn);
  return { x: place.cx + radius * Math.cos(angle), y: place.cy + radius * Math.sin(angle) };
}

/** The turn of a point, whatever its distance from the centre. */
export function turnAt(place: Place, x: number, y: number): number {
  const turn = (Math.atan2(y - place.cy, x - place.cx) + Math.PI / 2) / TAU;
  return turn - Math.floor(turn);
}

/** Fit the ring into a canvas, with room for labels around it. */
export function fit(width: number, height: number): Place {
  const margin = Math.min(width, height) < 420 ? 34 : 52;
  return {
    width,
    height,
    cx: width / 2,
    cy: height / 2,
    radius: Math.max(40, Math.min(width, height) / 2 - margin),
  };
}

/** The distance between two turns the shorter way round, at most one half. */
export function turnDistance(a: number, b: number): number {
  const d = Math.abs(a - b) % 1;
  return d > 0.5 ? 1 - d : d;
}

/**
 * The control point of the curve between two points on a circle around (0, 0). Curves between neighbours hug the rim; even those
 * between opposite peers pass the middle at a distance, so that the numbers there stay legible.
 */
export function control(ax: number, ay: number, bx: number, by: number, radius: number, out: Point): void {
  const mx = (ax + bx) / 2;
  const my = (ay + by) / 2;
  const depth = Math.hypot(mx, my);
  const sine = Math.hypot(ax - bx, ay - by) / (2 * radius);
  const middle = radius * (1 - (1 - QUIET) * Math.pow(sine, 0.9));
  const reach = 2 * middle - depth;
  if (depth > radius * 1e-3) {
    out.x = (mx / depth) * reach;
    out.y = (my / depth) * reach;
  } else {
    // Opposite peers: either side would do; a turn to the right of the line keeps there and back apart.
    out.x = (-(by - ay) / (2 * radius)) * reach;
    out.y = ((bx - ax) / (2 * radius)) * reach;
  }
}

/** A point on the quadratic curve from a over control c to b. */
export function along(a: number, c: number, b: number, f: number): number {
  const g = 1 - f;
  return g * g * a + 2 * g * f * c + f * f * b;
}

/** The index whose turn is nearest; `turns` ascend. -1 where there is none. */
export function nearest(turns: ArrayLike<number>, turn: number): number {
  const n = turns.length;
  if (n === 0) return -1;
  const first = firstFrom(turns, turn);
  const before = (first + n - 1) % n;
  const after = first % n;
  return turnDistance(turns[before] ?? 0, turn) <= turnDistance(turns[after] ?? 0, turn) ? before : after;
}

/** How many of ascending turns are in an arc that does not pass the top. */
export function within(turns: ArrayLike<number>, from: number, to: number): number {
  return firstFrom(turns, to) - firstFrom(turns, from);
}

/** The index of the first of ascending turns that is not below one. */
function firstFrom(turns: ArrayLike<number>, turn: number): number {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((turns[mid] ?? 0) < turn) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Radius of a peer's mark: as large as the crowd allows. */
export function markRadius(peers: number, radius: number): number {
  const room = (TAU * radius) / Math.max(1, peers);
  return Math.max(1.3, Math.min(radius / 26, 13, room * 0.34));
}
