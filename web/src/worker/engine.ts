/** The loop. It works in slices, so that a message from the page never waits for long. */
import { Simulation, last_panic, type Command, type Failure, type ScenarioInput } from "../wasm/ringside_wasm.js";
import { asFailure } from "./failure";
import { Outlet, STILL, type Post, type Timing } from "./outlet";
import { Pace } from "./pace";
import type { Looking, Mode, StepUnit } from "./protocol";
import { Turns } from "./turns";
import { World } from "./world";

/** Milliseconds of work before the loop looks at its messages again. */
const SLICE = 9;
/** Milliseconds that somebody who makes a single step waits for it; what takes longer is done in slices. */
const STEP_SLICE = 50;
/** Milliseconds of motion after a single step. */
const STEP_SPAN = 420;
const PAUSED: Mode = { kind: "paused" };

export class Engine {
  private world: World | null = null;
  private mode: Mode = PAUSED;
  private pace = new Pace(1, 1, 0);
  private looking: Looking = "off";
  /** What is to be done when the tick is over that is happening, in this order. */
  private waiting: (() => void)[] = [];
  /** Who waits for a tick to be reached. */
  private awaiting: (() => void) | null = null;
  private readonly outlet: Outlet;
  private readonly turns = new Turns(() => this.guard(() => this.turn()));

  constructor(private readonly post: Post) {
    this.outlet = new Outlet(post, (work) => this.guard(work));
  }

  /** Do what takes a whole run: now, or when the tick is over that is happening. */
  whenWhole(work: () => void): void {
    if (this.waiting.length === 0 && !this.world?.isWithinTick) return work();
    this.waiting.push(work);
    this.turns.soon();
  }

  start(input: ScenarioInput, play: number | null): void {
    const replaced = this.replace("start", () => Simulation.from_scenario(input));
    if (replaced && play !== null) this.play(play);
    else this.report(true);
  }

  open(link: string): void {
    if (!this.replace("open", () => Simulation.open(link))) return;
    const claim = this.must().sim.verdict();
    if (claim.kind === "pending") this.rush(claim.tick, "check");
    else this.report(true);
  }

  play(speed: number): void {
    if (!this.world) return;
    this.turns.forget();
    const known = this.pace.ticksPerRound === this.world.ticksPerRound ? this.pace.rhythm : undefined;
    this.pace = new Pace(speed, this.world.ticksPerRound, performance.now(), known);
    this.mode = { kind: "playing", speed };
    this.report(true);
    this.turns.soon();
  }

  setSpeed(speed: number): void {
    if (this.mode.kind === "playing") this.play(speed);
  }

  /** At once; but what is shown of the run follows when the tick is over that is happening. */
  pause(): void {
    this.halt();
    if (this.world?.isWithinTick) this.turns.soon();
    else this.rest();
  }

  /** Go to a tick, from the nearest state before it that was kept. */
  seek(tick: number, done: () => void): void {
    if (!this.world) return;
    this.stop();
    this.awaiting = done;
    this.world.approach(Math.max(0, tick));
    this.outlet.wentElsewhere();
    this.rush(tick, "seek");
  }

  step(unit: StepUnit): void {
    const { world } = this;
    if (!world) return;
    this.stop();
    const to = unit === "event" ? world.tick + world.toNextEvent : world.nextRound;
    world.rush(STEP_SLICE, to);
    if (world.tick < to) return this.rush(to, "seek");
    this.show({ span: STEP_SPAN, slot: STEP_SPAN });
    this.report(true);
  }

  finish(): void {
    if (this.world && this.world.tick < this.world.end) this.rush(this.world.end, "finish");
  }

  /** Carry commands out, up to the first that cannot be; says what is wrong with that one. */
  inject(commands: Command[]): Failure | null {
    const { world } = this;
    if (!world) return null;
    let failure: Failure | null = null;
    world.keyframes.forgetFrom(world.tick);
    try {
      for (const command of commands) world.sim.inject(command);
    } catch (thrown) {
      failure = asFailure(thrown);
    }
    this.outlet.changed();
    this.outlet.report(world, this.mode, true, { knobs: world.sim.knobs(), commands: world.commands });
    this.show(this.timing());
    return failure;
  }

  select(id: bigint | null): void {
    this.outlet.selected = id;
    this.show(this.timing());
    this.report(true);
  }

  setLimit(messages: number): void {
    this.outlet.limit = messages;
    this.show(this.timing());
  }

  watch(shape: boolean): void {
    this.outlet.watchShape(shape);
    if (shape) this.report(true);
  }

  setLooking(looking: Looking): void {
    this.looking = looking;
    if (this.world) this.applyLooking(this.world);
    this.report(true);
  }

  look(): void {
    this.outlet.lookNow();
    this.report(true);
  }

  drawn(): void {
    if (this.outlet.drawn()) this.show(this.timing());
  }

  /** The link to the run so far; a run with very many commands has none. */
  link(): { link: string } | { failure: Failure } {
    const { sim } = this.must();
    try {
      const link = sim.link();
      this.outlet.lastLink = link;
      return { link };
    } catch (thrown) {
      return { failure: asFailure(thrown) };
    }
  }

  scenario(): ScenarioInput {
    return this.must().sim.scenario();
  }

  /** Run something that may reach into wasm; after a panic the instance is of no more use. */
  guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.stop();
      this.world = null;
      this.waiting = [];
      const message = last_panic() ?? (thrown instanceof Error ? thrown.message : String(thrown));
      this.post({ type: "panicked", message, link: this.outlet.lastLink });
    }
  }

  private must(): World {
    if (!this.world) throw new Error("There is no run.");
    return this.world;
  }

  /** Make the next run first: where that fails, the present one stays. */
  private replace(doing: "start" | "open", make: () => Simulation): boolean {
    let next: Simulation;
    try {
      next = make();
    } catch (thrown) {
      this.post({ type: "failed", failure: asFailure(thrown), doing });
      return false;
    }
    this.stop();
    this.world?.free();
    const world = new World(next, make);
    this.world = world;
    this.applyLooking(world);
    this.outlet.begin(world);
    this.show(STILL);
    return true;
  }

  private applyLooking(world: World): void {
    this.outlet.samples = this.looking !== "off";
    if (this.looking === "off") world.sim.unwatch();
    else world.sim.watch(this.looking === "ticks");
  }

  private rush(to: number, why: "check" | "finish" | "seek"): void {
    const { world } = this;
    if (!world) return;
    this.turns.forget();
    this.mode = { kind: "rushing", from: world.tick, to, why };
    if (!world.isWithinTick) this.report(true);
    this.turns.soon();
  }

  private stop(): void {
    this.halt();
    this.arrived();
  }

  private halt(): void {
    this.turns.forget();
    this.outlet.nameNothing();
    this.mode = PAUSED;
  }

  /** Paused, between two ticks. */
  private rest(): void {
    this.show(STILL);
    this.report(true);
    this.arrived();
  }

  private arrived(): void {
    const { awaiting } = this;
    this.awaiting = null;
    awaiting?.();
  }

  /** One turn of the loop. */
  private turn(): void {
    const { world, mode } = this;
    if (!world) return;
    if (world.isWithinTick && (mode.kind === "paused" || this.waiting.length > 0)) return this.finishTick(world);
    if (mode.kind === "paused") return;
    if (mode.kind === "rushing") {
      if (world.tick < mode.to) world.rush(SLICE, mode.to);
      this.afterTurn(world, world.tick >= mode.to, mode.why === "finish");
    } else {
      // Somebody who plays on past the end of the experiment means it.
      const end = world.tick < world.end ? world.end : Infinity;
      this.advance(world, end);
      this.afterTurn(world, world.tick >= end, true);
    }
  }

  /** Nothing begins before those who wait have had the whole run. */
  private finishTick(world: World): void {
    this.turns.soon();
    if (!world.finishTick(SLICE)) return;
    if (this.mode.kind === "paused") this.rest();
    this.waiting.splice(0).forEach((work) => this.whenWhole(work));
  }

  private afterTurn(world: World, over: boolean, tell: boolean): void {
    if (over) {
      this.pause();
      if (tell) this.post({ type: "ended" });
      return;
    }
    if (world.isWithinTick) return this.turns.soon();
    // On the way to a tick that somebody wants to see, what lies between would only flicker.
    if (this.mode.kind !== "rushing" || this.mode.why !== "seek") this.show(this.timing());
    this.report(false);
    this.turns.after(this.timing().span);
  }

  private advance(world: World, end: number): void {
    const begun = performance.now();
    if (this.pace.slot === 0) {
      world.rush(SLICE, end);
      return;
    }
    this.pace.forgive(begun);
    while (this.pace.wait(performance.now()) === 0 && performance.now() - begun < SLICE && world.tick < end) {
      if (!world.stepEvent(SLICE)) return;
      this.pace.stepped(world.tick);
    }
  }

  /** How long until the next step is due. */
  private timing(): Timing {
    if (this.mode.kind !== "playing") return STILL;
    return { span: this.pace.wait(performance.now()), slot: this.pace.slot };
  }

  private show(timing: Timing): void {
    if (this.world) this.outlet.show(this.world, this.mode, timing);
  }

  private report(now: boolean): void {
    if (this.world) this.outlet.report(this.world, this.mode, now);
  }
}
