/** One simulation with its position in time, and the keyframes to go back to. */
import type { CacheView, PeerDetail, PoolView, Simulation } from "../wasm/ringside_wasm.js";
import { core, simulationOf, type Core } from "./core";
import { Keyframes } from "./keyframes";
import type { RunInfo, Source, TimedCommand } from "./workerMessages";

/** Number of peers from which on work over the whole state is done on demand only. */
const LARGE = 4000;

export class World {
  /** Completed ticks. */
  tick: number;

  readonly keyframes: Keyframes<Simulation>;
  readonly ticksPerRound: number;
  /** Last tick of the experiment. */
  readonly end: number;
  /** Tick at which the step in progress ends. */
  private stepEnd = 0;

  constructor(
    readonly sim: Simulation,
    /** Makes the same run at tick 0. */
    private readonly restart: () => Simulation,
    /** Module that the run belongs to. */
    readonly core: Core,
  ) {
    this.tick = sim.now;
    this.ticksPerRound = sim.ticks_per_round;
    this.end = sim.rounds * this.ticksPerRound;
    this.keyframes = new Keyframes(this.ticksPerRound, core.memory_in_use, () => performance.now());
  }

  free(): void {
    this.keyframes.free();
    this.sim.free();
  }

  get isLarge(): boolean {
    return this.sim.peers >= LARGE;
  }

  /**
   * Whether the run has stopped within a tick. Any other call into it then finishes the tick first, which
   * takes time.
   */
  get isWithinTick(): boolean {
    return this.sim.is_within_tick;
  }

  /** Ticks up to and including the next active one, at most a round. */
  get toNextEvent(): number {
    return Math.max(1, Math.min(this.sim.next_event() + 1 - this.tick, this.ticksPerRound));
  }

  /** First tick of the next round. */
  get nextRound(): number {
    return (Math.floor(this.tick / this.ticksPerRound) + 1) * this.ticksPerRound;
  }

  /**
   * Steps to the end of the next active tick; returns false if the budget ran out before. Empty ticks cost
   * nothing.
   */
  stepEvent(budgetMs: number): boolean {
    if (!this.isWithinTick) this.stepEnd = this.tick + this.toNextEvent;
    this.runTo(this.stepEnd, budgetMs);
    return this.tick >= this.stepEnd;
  }

  /** Goes to the kept state from which a tick is reached soonest: a keyframe before it, the present one, or tick 0. */
  approach(tick: number): void {
    const kept = this.keyframes.before(tick);
    if (this.tick <= tick && (kept === null || kept.now <= this.tick)) return;
    const state = kept ?? this.restart();
    this.sim.restore(state);
    if (!kept) state.free();
    this.tick = this.sim.now;
  }

  /** Advances towards a tick within a budget of milliseconds; a large world may stop within a tick. */
  runTo(tick: number, budgetMs: number): void {
    if (!this.isWithinTick) this.keyframes.offer(this.tick, this.sim);
    this.sim.advance(budgetMs, Math.min(tick - this.tick, 2 ** 31));
    this.tick = this.sim.now;
  }

  /** Continues the tick in progress within a budget; returns whether it is finished. */
  finishTick(budgetMs: number): boolean {
    const isFinished = this.sim.finish_tick(budgetMs);
    this.tick = this.sim.now;
    return isFinished;
  }

  peer(id: bigint | null): PeerDetail | null {
    return id === null ? null : (this.sim.peer(id) ?? null);
  }

  /** The cache of a peer; of the host that stops and starts by schedule, if there is no such peer. */
  cacheOf(id: bigint | null): CacheView | undefined {
    return (id === null ? undefined : this.sim.cache_view(undefined, id)) ?? this.sim.cache_view();
  }

  /** The peers that a peer manages; those that the first host does, if there is no such peer. */
  poolOf(id: bigint | null): PoolView | undefined {
    return this.sim.pool_view(id ?? undefined);
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
      baseline: this.core.knobs(preset),
    };
  }
}

/** World of a source at tick 0. */
export function openWorld(source: Source): World {
  const from = core;
  const make = (): Simulation => simulationOf(source, from);
  return new World(make(), make, from);
}
