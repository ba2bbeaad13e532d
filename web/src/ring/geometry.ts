/** Geometry of the ring: positions in [0, 1) run clockwise from the top. */

export interface Point {
  x: number;
  y: number;
}

/** Centre and radius of the ring in a canvas, in CSS pixels. */
export interface RingLayout {
  width: number;
  height: number;
  cx: number;
  cy: number;
  radius: number;
}

const TAU = 2 * Math.PI;
/** Share of the radius that paths leave free around the centre, for the dial. */
const CLEAR = 0.4;

/** Canvas angle of a position: zero at three o'clock, clockwise, in radians. */
export function angleOf(position: number): number {
  return position * TAU - Math.PI / 2;
}

export function pointAt(layout: RingLayout, position: number, radius = layout.radius): Point {
  const angle = angleOf(position);
  return { x: layout.cx + radius * Math.cos(angle), y: layout.cy + radius * Math.sin(angle) };
}

/** Position in the direction of a point. */
export function positionAt(layout: RingLayout, x: number, y: number): number {
  const position = (Math.atan2(y - layout.cy, x - layout.cx) + Math.PI / 2) / TAU;
  return position - Math.floor(position);
}

/** Layout of the ring in a canvas, with room for labels around it. */
export function fit(width: number, height: number): RingLayout {
  const margin = Math.min(width, height) < 420 ? 34 : 52;
  return {
    width,
    height,
    cx: width / 2,
    cy: height / 2,
    radius: Math.max(40, Math.min(width, height) / 2 - margin),
  };
}

/** Distance of two positions the shorter way round, at most one half. */
export function ringDistance(a: number, b: number): number {
  const d = Math.abs(a - b) % 1;
  return d > 0.5 ? 1 - d : d;
}

/**
 * Control point of the quadratic curve between two points on a circle around (0, 0). Curves between
 * neighbours stay near the rim; those between opposite peers keep clear of the centre.
 */
export function control(ax: number, ay: number, bx: number, by: number, radius: number, out: Point): void {
  const mx = (ax + bx) / 2;
  const my = (ay + by) / 2;
  const depth = Math.hypot(mx, my);
  const sine = Math.hypot(ax - bx, ay - by) / (2 * radius);
  const middle = radius * (1 - (1 - CLEAR) * Math.pow(sine, 0.9));
  const reach = 2 * middle - depth;
  if (depth > radius * 1e-3) {
    out.x = (mx / depth) * reach;
    out.y = (my / depth) * reach;
  } else {
    // Opposite peers: either side would do; a position to the right of the line keeps there and back apart.
    out.x = (-(by - ay) / (2 * radius)) * reach;
    out.y = ((bx - ax) / (2 * radius)) * reach;
  }
}

/** Coordinate on the quadratic curve from a to b with control point c, at parameter f. */
export function along(a: number, c: number, b: number, f: number): number {
  const g = 1 - f;
  return g * g * a + 2 * g * f * c + f * f * b;
}

/** Index of the nearest of ascending positions, -1 if there are none. */
export function nearest(positions: ArrayLike<number>, position: number): number {
  const n = positions.length;
  if (n === 0) return -1;
  const first = firstFrom(positions, position);
  const before = (first + n - 1) % n;
  const after = first % n;
  return ringDistance(positions[before] ?? 0, position) <= ringDistance(positions[after] ?? 0, position) ? before : after;
}

/** Number of ascending positions in an arc that does not cross the top. */
export function within(positions: ArrayLike<number>, from: number, to: number): number {
  return firstFrom(positions, to) - firstFrom(positions, from);
}

/** Lower bound: index of the first of ascending positions that is not below `position`. */
function firstFrom(positions: ArrayLike<number>, position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((positions[mid] ?? 0) < position) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Radius of the mark of a peer, by the space per peer. */
export function markRadius(peers: number, radius: number): number {
  const room = (TAU * radius) / Math.max(1, peers);
  return Math.max(1.3, Math.min(radius / 26, 13, room * 0.34));
}
