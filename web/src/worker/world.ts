/** One simulation with its clock: how far it is, and how to go on. */
import { knobs, type PeerDetail, type Simulation } from "../wasm/ringside_wasm.js";
import type { RunInfo, TimedCommand } from "./protocol";

export class World {
  /** Ticks done. */
  tick: number;

  constructor(readonly sim: Simulation) {
    this.tick = sim.metrics().tick;
  }

  /** The last tick of the experiment. */
  get end(): number {
    return this.sim.rounds * this.sim.ticks_per_round;
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

  /** As far as a time budget goes, but not beyond a tick. */
  rush(budgetMs: number, to: number): void {
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
    this.sim.tick(ticks);
    this.tick += ticks;
  }
}
