/** Checking claims: run after run, in slices, until all are judged. To cancel it, the page ends the worker. */
import { ClaimCheck } from "../wasm/ringside_wasm.js";
import type { Post } from "./outlet";

/** Milliseconds of work before the page hears of it; nobody else waits for this worker. */
const SLICE = 100;

export class Checker {
  constructor(
    private readonly post: Post,
    private readonly guard: (work: () => void) => void,
  ) {}

  start(ids: string[], quick: boolean): void {
    this.turn(new ClaimCheck(ids, quick));
  }

  private turn(check: ClaimCheck): void {
    const before = check.done;
    const more = check.advance(SLICE);
    const findings = check.done > before ? check.news() : [];
    this.post({ type: "checked", done: check.done, size: check.size, findings, over: !more });
    if (more) setTimeout(() => this.guard(() => this.turn(check)));
    else check.free();
  }
}
