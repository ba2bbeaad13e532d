/**
 * Keyframes: copies of a run at intervals, so that going back costs at most one interval of simulation.
 * They share a budget of bytes: when it is exceeded, every other keyframe is dropped. A run too large for a
 * single copy is replayed from tick 0.
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

/** Maximum number of bytes of all keyframes of a run. */
export const BUDGET = 192 * 2 ** 20;
/** Maximum number of keyframes. */
const MAX_COUNT = 96;
/** Initial distance of keyframes in rounds. It doubles whenever keyframes are dropped. */
const FIRST_INTERVAL = 4;
/** Pause after a copy, as a multiple of the time it took: copying uses at most 1/41 of the time. */
const REST = 40;

export class Keyframes<T extends Kept> {
  private kept: Keyframe<T>[] = [];
  private held = 0;
  private interval: number;
  private due = 0;

  constructor(
    ticksPerRound: number,
    /** Returns the bytes that the module has allocated. */
    private readonly inUse: () => number,
    private readonly now: () => number,
  ) {
    this.interval = FIRST_INTERVAL * ticksPerRound;
  }

  /** Keeps a copy if one is due. Call it after all commands of the tick. */
  offer(tick: number, state: T): void {
    const at = this.kept.findLastIndex((keyframe) => keyframe.tick <= tick);
    const last = this.kept[at]?.tick ?? 0;
    // Tick 0 is never kept: it can be made from the scenario.
    if (tick - last < this.interval || this.now() < this.due) return;
    const before = this.inUse();
    if (before - this.held > BUDGET) return;
    const begun = this.now();
    const copy = state.copy();
    const bytes = Math.max(1, this.inUse() - before);
    this.due = this.now() + REST * (this.now() - begun);
    this.kept.splice(at + 1, 0, { tick, state: copy, bytes });
    this.held += bytes;
    while (this.kept.length > MAX_COUNT || this.held > BUDGET) this.thin();
  }

  /** Latest keyframe at or before a tick; null if there is none. */
  before(tick: number): T | null {
    return this.kept.findLast((keyframe) => keyframe.tick <= tick)?.state ?? null;
  }

  /** Drops the keyframes from a tick on, since a command changes the run from there. */
  forgetFrom(tick: number): void {
    this.retain((keyframe) => keyframe.tick < tick);
  }

  free(): void {
    this.retain(() => false);
  }

  /** Ticks and bytes of the keyframes, for tests. */
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
