import { describe, expect, it } from "vitest";
import { along, angleOf, control, fit, markRadius, nearest, pointAt, positionAt, ringDistance, within } from "./geometry";
import { hexOf, idAtPosition, indexOfId, positionOf } from "./ids";

const layout = fit(800, 800);

describe("the ring's geometry", () => {
  it("puts position 0 at twelve o'clock and runs clockwise", () => {
    expect(angleOf(0)).toBeCloseTo(-Math.PI / 2);
    const top = pointAt(layout, 0);
    expect(top.x).toBeCloseTo(400);
    expect(top.y).toBeLessThan(400);
    const quarter = pointAt(layout, 0.25);
    expect(quarter.x).toBeGreaterThan(400);
    expect(quarter.y).toBeCloseTo(400);
  });

  it("finds the position of a point again", () => {
    for (const position of [0, 0.1, 0.49, 0.5, 0.77, 0.999]) {
      const point = pointAt(layout, position);
      expect(ringDistance(positionAt(layout, point.x, point.y), position)).toBeLessThan(1e-9);
    }
  });

  it("measures distance the shorter way round", () => {
    expect(ringDistance(0.95, 0.05)).toBeCloseTo(0.1);
    expect(ringDistance(0.2, 0.7)).toBeCloseTo(0.5);
  });

  it("finds the nearest peer, across the top too", () => {
    const positions = [0.02, 0.3, 0.6, 0.97];
    expect(nearest(positions, 0.31)).toBe(1);
    expect(nearest(positions, 0.99)).toBe(3);
    expect(nearest(positions, 0.999)).toBe(0);
    expect(nearest([], 0.5)).toBe(-1);
  });

  it("counts the peers of an arc", () => {
    const positions = [0.02, 0.3, 0.3, 0.6, 0.97];
    expect(within(positions, 0.29, 0.31)).toBe(2);
    expect(within(positions, 0.3, 0.6)).toBe(2);
    expect(within(positions, -0.1, 1)).toBe(5);
  });

  it("keeps every path clear of the centre, and on the disc", () => {
    const out = { x: 0, y: 0 };
    for (let step = 1; step < 100; step += 1) {
      const angle = (step / 100) * 2 * Math.PI;
      const [ax, ay, bx, by] = [100, 0, 100 * Math.cos(angle), 100 * Math.sin(angle)];
      control(ax, ay, bx, by, 100, out);
      for (let f = 0; f <= 1; f += 0.05) {
        const distance = Math.hypot(along(ax, out.x, bx, f), along(ay, out.y, by, f));
        expect(distance).toBeGreaterThan(30);
        expect(distance).toBeLessThanOrEqual(100.001);
      }
    }
  });

  it("shrinks marks as the number of peers grows", () => {
    expect(markRadius(30, 340)).toBeGreaterThan(markRadius(1000, 340));
    expect(markRadius(100000, 340)).toBeGreaterThan(1);
  });
});

describe("ids", () => {
  it("are written as sixteen hexadecimal digits", () => {
    expect(hexOf(255n)).toBe("00000000000000ff");
    expect(hexOf(2n ** 64n - 1n)).toBe("ffffffffffffffff");
  });

  it("correspond to positions", () => {
    expect(idAtPosition(0.5)).toBe(2n ** 63n);
    expect(idAtPosition(1)).toBe(0n);
    expect(positionOf(2n ** 62n)).toBe(0.25);
  });

  it("are found by binary search", () => {
    const ids = [3n, 8n, 2n ** 63n];
    expect(indexOfId(ids, 8n)).toBe(1);
    expect(indexOfId(ids, 9n)).toBe(-1);
  });
});
