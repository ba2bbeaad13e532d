import { describe, expect, it } from "vitest";
import type { CacheView } from "../wasm/ringside_wasm.js";
import { extend } from "./lives";

const view = (more: Partial<CacheView>): CacheView => ({
  host: "01", number: 5, is_running: true, is_loaded: false, ranking: "reliability", rows: [], entries: 0, up_ms: 0,
  is_again: false, first_ms: null, fifth_ms: null, settled_ms: null, outcome: null, live: 0, ...more,
});

describe("the life of a host", () => {
  it("has a part for each start, and gaps between them", () => {
    const looks = [
      { tick: 0, view: view({ up_ms: 0 }) },
      { tick: 10, view: view({ up_ms: 1_000, live: 2 }) },
      { tick: 20, view: view({ up_ms: 2_000, live: 5 }) },
      { tick: 30, view: view({ is_running: false }) },
      { tick: 40, view: view({ is_running: false }) },
      { tick: 60, view: view({ up_ms: 500, is_again: true, is_loaded: true, entries: 7, first_ms: 120 }) },
      { tick: 70, view: view({ up_ms: 1_500, is_again: true, is_loaded: true, entries: 7, first_ms: 120, fifth_ms: 900, outcome: "success" }) },
    ];
    const lives = extend(extend([], looks.slice(0, 3), 100), looks.slice(3), 100);
    expect(lives.map(({ began, ended }) => [began, ended])).toEqual([[0, 3_000], [5_500, null]]);
    expect(lives.map(({ first, fifth }) => [first, fifth])).toEqual([[1_000, 2_000], [120, 900]]);
    expect(lives.map(({ outcome }) => outcome)).toEqual([null, "success"]);
    expect(lives[1]?.file).toEqual({ entries: 7, dials: 0, hits: 0 });
  });

  it("goes on where a host only comes back", () => {
    const looks = [
      { tick: 0, view: view({ up_ms: 0 }) },
      { tick: 10, view: view({ is_running: false }) },
      { tick: 20, view: view({ up_ms: 2_000 }) },
    ];
    expect(extend([], looks, 100).map(({ began, ended }) => [began, ended])).toEqual([[0, 1_000], [1_000, null]]);
  });

  it("ends while no host is found", () => {
    const looks = [{ tick: 0, view: view({}) }, { tick: 5, view: undefined }];
    expect(extend([], looks, 100)).toMatchObject([{ began: 0, ended: 500 }]);
  });
});
