import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { throttle } from "./throttle";
import { count, mean, percent, plural, slug } from "./format";

describe("throttle", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("emits the first value at once, then the newest after the interval", () => {
    const seen: number[] = [];
    const say = throttle<number>(2000, (value) => seen.push(value), () => Date.now());
    say(1);
    say(2);
    say(3);
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(1999);
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual([1, 3]);
    vi.advanceTimersByTime(5000);
    say(4);
    expect(seen).toEqual([1, 3, 4]);
  });
});

describe("numbers", () => {
  it("are formatted", () => {
    expect(count(260738)).toBe("260,738");
    expect(percent(0.15322)).toBe("15.3 %");
    expect(percent(null)).toBe("–");
    expect(mean(2)).toBe("2.0");
    expect(mean(NaN)).toBe("–");
    expect(plural(1, "round")).toBe("1 round");
    expect(plural(2, "round")).toBe("2 rounds");
    expect(slug("Peer lifecycle, as shipped!")).toBe("peer-lifecycle-as-shipped");
  });
});
