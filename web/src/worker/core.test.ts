import { describe, expect, it, vi } from "vitest";

const instantiate = vi.fn(() => Promise.resolve());
vi.mock("../wasm/ringside_wasm.js", () => ({ default: () => Promise.resolve() }));
vi.mock("../wasm/ringside_wasm.js?layers", () => ({ default: instantiate }));

import { hasLayers, loadLayers } from "./core";

describe("the module with all layers", () => {
  it("can be asked for again after a failure, and is instantiated once for all who wait", async () => {
    instantiate.mockRejectedValueOnce(new Error("offline"));
    await expect(loadLayers()).rejects.toThrow("offline");
    expect(hasLayers()).toBe(false);
    await Promise.all([loadLayers(), loadLayers()]);
    await loadLayers();
    expect(hasLayers()).toBe(true);
    expect(instantiate).toHaveBeenCalledTimes(2);
  });
});
