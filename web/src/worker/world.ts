/** One simulation with its clock: how far it is, how to go on, and how to go back. */
import { knobs, memory_in_use, type PeerDetail, type Simulation } from "../wasm/ringside_wasm.js";
import { Keyframes } from "./keyframes";
import type { RunInfo, TimedCommand } from "./protocol";

/** Peers from which on what goes through all of the state is only done when somebody waits for it. */
const LARGE = 4000;

export class World {
  /** Ticks done. */
  tick: number;

  readonly keyframes: Keyframes<Simulation>;
  readonly ticksPerRound: number;
  /** The last tick of the experiment. */
  readonly end: number;
  /** Where a step ends that was begun. */
  private goal = 0;

  constructor(
    readonly sim: Simulation,
    /** The same run at tick 0 again. */
    private readonly anew: () => Simulation,
  ) {
    this.tick = sim.now;
    this.ticksPerRound = sim.ticks_per_round;
    this.end = sim.rounds * this.ticksPerRound;
    this.keyframes = new Keyframes(this.ticksPerRound, memory_in_use, () => performance.now());
  }

  free(): void {
    this.keyframes.free();
    this.sim.free();
  }

  get isLarge(): boolean {
    return this.sim.peers >= LARGE;
  }

  /** Whether the run has stopped within a tick. Until that is over, asking anything else of it takes as long as what is left. */
  get isWithinTick(): boolean {
    return this.sim.is_within_tick;
  }

  /** Ticks up to and with the next one in which something happens, but never more than a round. */
  get toNextEvent(): number {
    return Math.max(1, Math.min(this.sim.next_event() + 1 - this.tick, this.ticksPerRound));
  }

  /** The end of this round. */
  get nextRound(): number {
    return (Math.floor(this.tick / this.ticksPerRound) + 1) * this.ticksPerRound;
  }

  /** Step to the end of the next tick in which something happens; the empty ones before it cost nothing. Whether it was reached. */
  stepEvent(budgetMs: number): boolean {
    if (!this.isWithinTick) this.goal = this.tick + this.toNextEvent;
    this.rush(budgetMs, this.goal);
    return this.tick >= this.goal;
  }

  /** To the latest kept state that is not after a tick, where that is nearer than the present one. */
  approach(tick: number): void {
    if (this.tick <= tick) return;
    const kept = this.keyframes.before(tick);
    const earlier = kept ?? this.anew();
    this.sim.go_back(earlier);
    if (!kept) earlier.free();
    this.tick = this.sim.now;
  }

  /** As far as a time budget goes, but not beyond a tick; in a large world perhaps not to the end of the one that has begun. */
  rush(budgetMs: number, to: number): void {
    if (!this.isWithinTick) this.keyframes.offer(this.tick, this.sim);
    this.sim.advance(budgetMs, Math.min(to - this.tick, 2 ** 31));
    this.tick = this.sim.now;
  }

  /** Go on with the tick that has begun, as far as a time budget goes; whether none has, or it is over. */
  finishTick(budgetMs: number): boolean {
    const over = this.sim.finish_tick(budgetMs);
    this.tick = this.sim.now;
    return over;
  }

  peer(id: bigint | null): PeerDetail | null {
    return id === null ? null : (this.sim.peer(id) ?? null);
  }

  get commands(): TimedCommand[] {
    return this.sim.scenario().commands ?? [];
  }

  info(): RunInfo {
    const { preset, seed } = this.sim.metrics();
    return {
      preset,
      seed,
      ticksPerRound: this.ticksPerRound,
      rounds: this.sim.rounds,
      scenario: this.sim.scenario(),
      baseline: knobs(preset),
    };
  }
}
