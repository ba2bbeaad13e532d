/** Who is later than this many milliseconds forgets what is owed, rather than racing to catch up. */
const MOST_LATE = 250;

/**
 * When the next thing may happen, at a speed in rounds per second.
 *
 * A round may have many ticks of which most are empty. Empty ticks get no time: a round's wall time is divided over the ticks in
 * which something happens, as many as recent rounds had, so that motion neither stalls nor jumps.
 */
export class Pace {
  private readonly roundMs: number;
  private eventful: number;
  private seen = 0;
  private round = -1;

  constructor(
    roundsPerSecond: number,
    readonly ticksPerRound: number,
    /** When the next thing may happen, in milliseconds of the clock that is asked from then on. */
    private due: number,
    /** Ticks with events in a round, as a former pace learnt it. */
    known?: number,
  ) {
    this.roundMs = 1000 / roundsPerSecond;
    this.eventful = known ?? Math.min(ticksPerRound, 12);
  }

  /** Milliseconds that the present eventful tick lasts. */
  get slot(): number {
    return this.roundMs / Math.max(1, this.eventful);
  }

  /** What was learnt of the rhythm, for the next pace. */
  get rhythm(): number {
    return this.eventful;
  }

  /** Milliseconds until the next thing may happen. */
  wait(now: number): number {
    return Math.max(0, this.due - now);
  }

  /** Give up what is too late to be caught up with. */
  forgive(now: number): void {
    if (now - this.due > MOST_LATE) this.due = now;
  }

  /** Tell that the world has stepped to an eventful tick; the next one is due when that has had its time. */
  stepped(tick: number): void {
    const round = Math.floor(tick / this.ticksPerRound);
    if (round !== this.round) {
      // Half old, half new: one odd round does not change the rhythm.
      if (this.round >= 0 && this.seen > 0) this.eventful = (this.eventful + this.seen) / 2;
      this.round = round;
      this.seen = 0;
    }
    this.seen += 1;
    this.due += this.slot;
  }
}
