import { describe, expect, it } from "vitest";
import type { Shot } from "../worker/protocol";
import { fit } from "./geometry";
import type { Palette } from "./palette";
import { plotPeers } from "./pixels";
import { placesOf } from "./sides";
import { emptyScene, placePeers, type Scene } from "./scene";

const palette = new Proxy({}, {
  get: (_, name) => (name === "adversary" ? "rgb(200, 1, 2)" : name === "connected" ? "rgb(0, 128, 3)" : "rgb(9, 9, 9)"),
}) as Palette;

function picture(peers: [turn: number, status: number, connected: number, conduct?: number][], sides: number[] = []) {
  const scene: Scene = emptyScene(palette);
  scene.place = fit(600, 600);
  scene.shot = { frame: {
    turn: Float32Array.from(peers, ([turn]) => turn), status: Uint8Array.from(peers, ([, status]) => status),
    connected: Uint16Array.from(peers, ([, , connected]) => connected),
    conduct: Uint8Array.from(peers, ([, , , conduct]) => conduct ?? 0), side: Uint8Array.from(sides),
  } } as unknown as Shot;
  placePeers(scene);
  const pixels = new Uint32Array(600 * 600);
  plotPeers(pixels, 600, scene, 1);
  const lit = [...pixels.keys()].filter((at) => pixels[at] !== 0);
  const places = lit.map((at) => ({
    distance: Math.hypot((at % 600) - 300, Math.floor(at / 600) - 300), opacity: (pixels[at] ?? 0) >>> 24, red: (pixels[at] ?? 0) & 255,
  }));
  return { places, radius: scene.place.radius };
}

describe("the picture of a crowd", () => {
  it("has a pixel for every peer, deeper within the rim the more Connected peers it has", () => {
    const { places, radius } = picture([[0, 3, 0], [0.25, 3, 20], [0.5, 3, 40]]);
    const distances = places.map(({ distance }) => distance).sort((a, b) => b - a);
    expect(distances).toHaveLength(3);
    expect(distances[0]).toBeGreaterThan(radius - 9);
    expect(distances[1]).toBeLessThan(radius * 0.9);
    expect(distances[2]).toBeLessThan(radius * 0.78);
    expect(distances[2]).toBeGreaterThan(radius * 0.7);
  });

  it("keeps the other states outside the corona", () => {
    const { places, radius } = picture([[0, 0, 0], [0.2, 4, 0], [0.4, 1, 0]]);
    expect(places.every(({ distance }) => distance > radius)).toBe(true);
  });

  it("is more opaque where peers are many", () => {
    const few = picture([[0.3, 3, 8]]).places;
    const many = picture(Array.from({ length: 200 }, () => [0.3, 3, 8] as [number, number, number])).places;
    const most = Math.max(...many.map(({ opacity }) => opacity));
    expect(most).toBe(255);
    expect(few[0]?.opacity).toBeLessThan(128);
  });

  it("tells the side of every peer outside everything else, where there are sides", () => {
    const { places, radius } = picture([[0, 3, 8], [0.5, 3, 8]], [0, 4]);
    expect(places.filter(({ distance }) => distance > radius + 14)).toHaveLength(8);
    expect(placesOf(Uint8Array.from([7, 0, 7, 3]))).toEqual(new Map([[0, 0], [3, 1], [7, 2]]));
  });

  it("draws an adversary larger and over the others", () => {
    const { places } = picture([[0.3, 3, 8, 1], ...Array.from({ length: 50 }, () => [0.3, 3, 8] as [number, number, number])]);
    expect(places.filter(({ red }) => red === 200)).toHaveLength(4);
  });
});
