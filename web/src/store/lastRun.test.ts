import { describe, expect, it, vi } from "vitest";

vi.mock("./actions", () => ({ reopen: () => undefined }));
vi.mock("./browserHistory", () => ({ snapshot: () => null }));
vi.mock("./store", () => ({ toast: { value: null } }));
const { readRun, writeRun } = await import("./lastRun");

/** A storage that ends after a number of writes, the last of which may be torn. */
class Disk {
  readonly items = new Map<string, string>();
  constructor(private left = Infinity, private readonly tear = Infinity) {}
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.left -= 1;
    if (this.left < 0) throw new Error("the tab has crashed");
    this.items.set(key, this.left === 0 ? text.slice(0, this.tear) : text);
  }
}

describe("the last run", () => {
  it("is read as it was written", () => {
    const disk = new Disk();
    expect(readRun(disk)).toBeNull();
    for (const text of ["one", "two words", "{}"]) {
      expect(writeRun(disk, text)).toBe(true);
      expect(readRun(disk)).toBe(text);
    }
  });

  it("is the old or the new one, whatever the point of a crash", () => {
    for (let writes = 0; writes <= 4; writes += 1) {
      for (let tear = 0; tear < 16; tear += 1) {
        const disk = new Disk(writes + 2, tear);
        writeRun(disk, "old");
        writeRun(disk, "new run");
        writeRun(disk, "newest");
        const found = readRun(disk);
        expect(["old", "new run", "newest"]).toContain(found);
      }
    }
  });

  it("is not replaced by one that is too long", () => {
    const disk = new Disk();
    writeRun(disk, "kept");
    expect(writeRun(disk, "x".repeat(1_000_001))).toBe(false);
    expect(readRun(disk)).toBe("kept");
  });
});
