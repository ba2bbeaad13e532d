import { describe, expect, it } from "vitest";
import { along, angleOf, control, fit, markRadius, nearest, pointAt, turnAt, turnDistance, within } from "./geometry";
import { hexOf, idAtTurn, indexOfId, turnOf } from "./ids";

const place = fit(800, 800);

describe("the ring's geometry", () => {
  it("puts turn 0 at twelve o'clock and runs clockwise", () => {
    expect(angleOf(0)).toBeCloseTo(-Math.PI / 2);
    const top = pointAt(place, 0);
    expect(top.x).toBeCloseTo(400);
    expect(top.y).toBeLessThan(400);
    const quarter = pointAt(place, 0.25);
    expect(quarter.x).toBeGreaterThan(400);
    expect(quarter.y).toBeCloseTo(400);
  });

  it("finds the turn of a point again", () => {
    for (const turn of [0, 0.1, 0.49, 0.5, 0.77, 0.999]) {
      const point = pointAt(place, turn);
      expect(turnDistance(turnAt(place, point.x, point.y), turn)).toBeLessThan(1e-9);
    }
  });

  it("measures distance the shorter way round", () => {
    expect(turnDistance(0.95, 0.05)).toBeCloseTo(0.1);
    expect(turnDistance(0.2, 0.7)).toBeCloseTo(0.5);
  });

  it("finds the nearest peer, across the top too", () => {
    const turns = [0.02, 0.3, 0.6, 0.97];
    expect(nearest(turns, 0.31)).toBe(1);
    expect(nearest(turns, 0.99)).toBe(3);
    expect(nearest(turns, 0.999)).toBe(0);
    expect(nearest([], 0.5)).toBe(-1);
  });

  it("counts the peers of an arc", () => {
    const turns = [0.02, 0.3, 0.3, 0.6, 0.97];
    expect(within(turns, 0.29, 0.31)).toBe(2);
    expect(within(turns, 0.3, 0.6)).toBe(2);
    expect(within(turns, -0.1, 1)).toBe(5);
  });

  it("keeps every path out of the middle, and on the disc", () => {
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

  it("makes marks smaller as peers become more", () => {
    expect(markRadius(30, 340)).toBeGreaterThan(markRadius(1000, 340));
    expect(markRadius(100000, 340)).toBeGreaterThan(1);
  });
});

describe("ids", () => {
  it("cross as sixteen hexadecimal digits", () => {
    expect(hexOf(255n)).toBe("00000000000000ff");
    expect(hexOf(2n ** 64n - 1n)).toBe("ffffffffffffffff");
  });

  it("correspond to turns", () => {
    expect(idAtTurn(0.5)).toBe(2n ** 63n);
    expect(idAtTurn(1)).toBe(0n);
    expect(turnOf(2n ** 62n)).toBe(0.25);
  });

  it("are found by halving", () => {
    const ids = [3n, 8n, 2n ** 63n];
    expect(indexOfId(ids, 8n)).toBe(1);
    expect(indexOfId(ids, 9n)).toBe(-1);
  });
});
