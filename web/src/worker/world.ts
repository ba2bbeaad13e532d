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

  constructor(
    readonly sim: Simulation,
    /** The same run at tick 0 again. */
    private readonly anew: () => Simulation,
  ) {
    this.tick = sim.now;
    this.keyframes = new Keyframes(this.ticksPerRound, memory_in_use, () => performance.now());
  }

  free(): void {
    this.keyframes.free();
    this.sim.free();
  }

  /** The last tick of the experiment. */
  get end(): number {
    return this.sim.rounds * this.sim.ticks_per_round;
  }

  get isLarge(): boolean {
    return this.sim.peers >= LARGE;
  }

  get ticksPerRound(): number {
    return this.sim.ticks_per_round;
  }

  /** Ticks up to and with the next one in which something happens, but never more than a round. */
  get toNextEvent(): number {
    return Math.max(1, Math.min(this.sim.next_event() + 1 - this.tick, this.ticksPerRound));
  }

  /** Step to the end of the next tick in which something happens; the empty ones before it cost nothing. */
  stepEvent(): void {
    this.step(this.toNextEvent);
  }

  stepRound(): void {
    const next = (Math.floor(this.tick / this.ticksPerRound) + 1) * this.ticksPerRound;
    this.step(next - this.tick);
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

  /** As far as a time budget goes, but not beyond a tick. */
  rush(budgetMs: number, to: number): void {
    this.keyframes.offer(this.tick, this.sim);
    this.tick += this.sim.advance(budgetMs, Math.min(to - this.tick, 2 ** 31));
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

  private step(ticks: number): void {
    this.keyframes.offer(this.tick, this.sim);
    this.sim.tick(ticks);
    this.tick += ticks;
  }
}
