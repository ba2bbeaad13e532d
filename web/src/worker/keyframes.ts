/**
 * States of a run that are kept, so that going back costs no more than what lies between two of them. They have a budget of bytes:
 * where it does not last, every other one goes, and a run of which not even one copy fits is gone back in from its beginning.
 */

export interface Kept {
  copy(): this;
  free(): void;
}

interface Keyframe<T> {
  tick: number;
  state: T;
  bytes: number;
}

/** Bytes that all kept states of a run may take together. */
export const BUDGET = 192 * 2 ** 20;
const MOST = 96;
/** Rounds between two kept states, to begin with. */
const FIRST_INTERVAL = 4;
/** How much longer than a copy takes the next one waits: copying costs one part in so many of the time. */
const REST = 40;

export class Keyframes<T extends Kept> {
  private kept: Keyframe<T>[] = [];
  private held = 0;
  private interval: number;
  private due = 0;

  constructor(
    ticksPerRound: number,
    /** Bytes that are in use, all told. */
    private readonly inUse: () => number,
    private readonly now: () => number,
  ) {
    this.interval = FIRST_INTERVAL * ticksPerRound;
  }

  /** Keep a state where it is time to. To be called when all commands of its tick have been given. */
  offer(tick: number, state: T): void {
    const at = this.kept.findLastIndex((keyframe) => keyframe.tick <= tick);
    const last = this.kept[at]?.tick ?? 0;
    // The beginning is never kept: it can be made.
    if (tick - last < this.interval || this.now() < this.due) return;
    const before = this.inUse();
    if (before - this.held > BUDGET) return;
    const begun = this.now();
    const copy = state.copy();
    const bytes = Math.max(1, this.inUse() - before);
    this.due = this.now() + REST * (this.now() - begun);
    this.kept.splice(at + 1, 0, { tick, state: copy, bytes });
    this.held += bytes;
    while (this.kept.length > MOST || this.held > BUDGET) this.thin();
  }

  /** The latest state that is not after a tick, if any is kept. */
  before(tick: number): T | null {
    return this.kept.findLast((keyframe) => keyframe.tick <= tick)?.state ?? null;
  }

  /** What comes from a tick on will be another run. */
  forgetFrom(tick: number): void {
    this.retain((keyframe) => keyframe.tick < tick);
  }

  free(): void {
    this.retain(() => false);
  }

  /** For tests: the ticks and bytes that are kept. */
  get contents(): { ticks: number[]; bytes: number } {
    return { ticks: this.kept.map(({ tick }) => tick), bytes: this.held };
  }

  private thin(): void {
    this.interval *= 2;
    const alone = this.kept.length === 1;
    this.retain((_, i) => !alone && i % 2 === 1);
  }

  private retain(keep: (keyframe: Keyframe<T>, i: number) => boolean): void {
    const gone = this.kept.filter((keyframe, i) => !keep(keyframe, i));
    this.kept = this.kept.filter((keyframe) => !gone.includes(keyframe));
    for (const { state, bytes } of gone) {
      state.free();
      this.held -= bytes;
    }
  }
}
