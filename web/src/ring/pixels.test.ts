import { describe, expect, it } from "vitest";
import type { FrameUpdate } from "../worker/workerMessages";
import { fit } from "./geometry";
import type { Palette } from "./palette";
import { plotPeers } from "./pixels";
import { sideIndices } from "./sides";
import { emptyScene, layoutPeers, type Scene } from "./scene";

const palette = new Proxy({}, {
  get: (_, name) => (name === "adversary" ? "rgb(200, 1, 2)" : name === "connected" ? "rgb(0, 128, 3)" : "rgb(9, 9, 9)"),
}) as Palette;

function draw(peers: [position: number, status: number, connected: number, behavior?: number][], sides: number[] = []) {
  const scene: Scene = emptyScene(palette);
  scene.layout = fit(600, 600);
  scene.update = { frame: {
    position: Float32Array.from(peers, ([position]) => position), status: Uint8Array.from(peers, ([, status]) => status),
    connected: Uint16Array.from(peers, ([, , connected]) => connected),
    behavior: Uint8Array.from(peers, ([, , , behavior]) => behavior ?? 0), side: Uint8Array.from(sides),
  } } as unknown as FrameUpdate;
  layoutPeers(scene, true);
  const pixels = new Uint32Array(600 * 600);
  plotPeers(pixels, 600, scene, 1);
  const lit = [...pixels.keys()].filter((at) => pixels[at] !== 0);
  const marks = lit.map((at) => ({
    distance: Math.hypot((at % 600) - 300, Math.floor(at / 600) - 300), opacity: (pixels[at] ?? 0) >>> 24, red: (pixels[at] ?? 0) & 255,
  }));
  const placed = Array.from(scene.x, (x, i) => Math.hypot(x - 300, (scene.y[i] ?? 0) - 300));
  return { marks, placed, radius: scene.layout.radius };
}

describe("the density view", () => {
  it("shows every peer as a pixel, deeper within the rim the more Connected peers it has", () => {
    const { marks, radius } = draw([[0, 3, 0], [0.25, 3, 20], [0.5, 3, 40]]);
    const distances = marks.map(({ distance }) => distance).sort((a, b) => b - a);
    expect(distances).toHaveLength(3);
    expect(distances[0]).toBeGreaterThan(radius - 9);
    expect(distances[1]).toBeLessThan(radius * 0.9);
    expect(distances[2]).toBeLessThan(radius * 0.78);
    expect(distances[2]).toBeGreaterThan(radius * 0.7);
  });

  it("keeps the other states outside the corona", () => {
    const { marks, radius } = draw([[0, 0, 0], [0.2, 4, 0], [0.4, 1, 0]]);
    expect(marks.every(({ distance }) => distance > radius)).toBe(true);
  });

  it("places peers where it draws them, so that messages end at their peers", () => {
    const { marks, placed } = draw([[0, 3, 0], [0.25, 3, 20], [0.5, 0, 0]]);
    expect(placed.map((distance) => Math.round(distance))).toEqual(marks.map(({ distance }) => Math.round(distance)));
  });

  it("is more opaque the more peers share a pixel", () => {
    const few = draw([[0.3, 3, 8]]).marks;
    const many = draw(Array.from({ length: 200 }, () => [0.3, 3, 8] as [number, number, number])).marks;
    const most = Math.max(...many.map(({ opacity }) => opacity));
    expect(most).toBe(255);
    expect(few[0]?.opacity).toBeLessThan(128);
  });

  it("shows the side of every peer outermost, if there are sides", () => {
    const { marks, radius } = draw([[0, 3, 8], [0.5, 3, 8]], [0, 4]);
    expect(marks.filter(({ distance }) => distance > radius + 14)).toHaveLength(8);
    expect(sideIndices(Uint8Array.from([7, 0, 7, 3]))).toEqual(new Map([[0, 0], [3, 1], [7, 2]]));
  });

  it("draws an adversary larger and over the others", () => {
    const { marks } = draw([[0.3, 3, 8, 1], ...Array.from({ length: 50 }, () => [0.3, 3, 8] as [number, number, number])]);
    expect(marks.filter(({ red }) => red === 200)).toHaveLength(4);
  });
});
