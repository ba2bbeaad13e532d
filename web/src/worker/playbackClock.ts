/** Lag in milliseconds beyond which playback skips ahead instead of catching up. */
const MAX_LAG_MS = 250;

/**
 * Due times of the ticks of a run that plays at a speed in rounds per second.
 *
 * A round may have many ticks, most of them empty. Empty ticks get no time: the wall time of a round is
 * divided over its active ticks (those with events), as many as recent rounds had, so that motion neither
 * stalls nor jumps.
 */
export class PlaybackClock {
  private readonly roundMs: number;
  /** Active ticks per round: exponential moving average with weight 1/2. */
  private activeTicks: number;
  private activeInRound = 0;
  private round = -1;

  constructor(
    roundsPerSecond: number,
    readonly ticksPerRound: number,
    /** Time at which the next tick is due, in milliseconds on the clock of `msUntilDue`. */
    private dueAt: number,
    /** Active ticks per round as an earlier clock of the same run measured them [default: at most 12]. */
    activeTicks?: number,
  ) {
    this.roundMs = 1000 / roundsPerSecond;
    this.activeTicks = activeTicks ?? Math.min(ticksPerRound, 12);
  }

  /** Milliseconds that an active tick lasts; 0 at unlimited speed. */
  get tickMs(): number {
    return this.roundMs / Math.max(1, this.activeTicks);
  }

  /** Measured active ticks per round, for the clock of another speed. */
  get activeTicksPerRound(): number {
    return this.activeTicks;
  }

  /** Milliseconds until the next tick is due; 0 if it is overdue. */
  msUntilDue(now: number): number {
    return Math.max(0, this.dueAt - now);
  }

  /** Drops a lag of more than `MAX_LAG_MS`. */
  skipLag(now: number): void {
    if (now - this.dueAt > MAX_LAG_MS) this.dueAt = now;
  }

  /** Records that the run reached an active tick; the next one is due `tickMs` later. */
  stepped(tick: number): void {
    const round = Math.floor(tick / this.ticksPerRound);
    if (round !== this.round) {
      if (this.round >= 0 && this.activeInRound > 0) this.activeTicks = (this.activeTicks + this.activeInRound) / 2;
      this.round = round;
      this.activeInRound = 0;
    }
    this.activeInRound += 1;
    this.dueAt += this.tickMs;
  }
}
