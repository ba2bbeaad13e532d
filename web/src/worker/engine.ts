/** Loop of the worker. It works in slices, so that messages of the page are handled within milliseconds. */
import type { Command, Failure, ScenarioInput } from "../wasm/ringside_wasm.js";
import { core } from "./core";
import { asFailure, messageOf } from "./failure";
import { LinkMaker } from "./linkMaker";
import { advance } from "./playback";
import { PlaybackClock } from "./playbackClock";
import { ReportPublisher, STILL, type Post, type Timing } from "./reportPublisher";
import { SliceScheduler } from "./sliceScheduler";
import type { Mode, MonitorMode, Origin, Part, PlaybackOrder, Response, SeekPurpose, Source, StepUnit, ToWorker } from "./workerMessages";
import { openWorld, type World } from "./world";

/** Milliseconds of work in a slice. */
const SLICE_MS = 9;
/** Milliseconds that a single step may block the worker; a longer one continues in slices. */
const STEP_BUDGET_MS = 50;
/** Milliseconds of motion after a single step. */
const STEP_MOTION_MS = 420;
const PAUSED: Mode = { kind: "paused" };

export class Engine {
  private world: World | null = null;
  private mode: Mode = PAUSED;
  private clock = new PlaybackClock(1, 1, 0);
  private monitorMode: MonitorMode = "off";
  /** Work that was postponed to the end of the tick in progress, in order. */
  private postponed: (() => void)[] = [];
  private readonly links = new LinkMaker((work) => this.guard(work), () => this.scheduler.soon());
  /** Callback of the seek in progress. */
  private onArrival: (() => void) | null = null;
  private readonly publisher: ReportPublisher;
  private readonly scheduler = new SliceScheduler(() => this.guard(() => this.runSlice()));

  constructor(private readonly post: Post) {
    this.publisher = new ReportPublisher(post, (work) => this.guard(work));
  }

  /** Does work that needs a run between two ticks: at once, or when the tick in progress is finished. */
  betweenTicks(work: () => void): void {
    if (this.postponed.length === 0 && !this.world?.isWithinTick) return work();
    this.postponed.push(work);
    this.scheduler.soon();
  }

  /**
   * Opens a run, or returns why it cannot be made. A link runs to the tick of its outcome, unless another
   * tick is to be shown.
   */
  open({ source, origin, then }: ToWorker & { type: "open" }): Failure | null {
    const failure = this.replace(source, origin);
    if (failure !== null) {
      this.report(true);
      return failure;
    }
    const verdict = this.mustHaveWorld().sim.verdict();
    if (then === "end") this.finish();
    else if (then !== null && "play" in then) this.play(then.play);
    else if (then !== null && then.at > 0) this.seekTo(then.at, "show");
    else if (then === null && verdict.kind === "pending") this.seekTo(verdict.tick, "check");
    else this.report(true);
    return null;
  }

  /** Obeys an order of the user, unless a later one has come first: a pause does not wait for the end of a tick. */
  obey(order: PlaybackOrder): void {
    if (order.number < this.publisher.order) return;
    this.publisher.order = order.number;
    return order.type === "play" ? this.play(order.speed) : this.pause();
  }

  private play(speed: number): void {
    if (!this.world) return;
    this.scheduler.cancelDelayed();
    const { clock, world } = this;
    const measured = clock.ticksPerRound === world.ticksPerRound ? clock.activeTicksPerRound : undefined;
    this.clock = new PlaybackClock(speed, world.ticksPerRound, performance.now(), measured);
    this.mode = { kind: "playing", speed };
    this.report(true);
    this.scheduler.soon();
  }

  setSpeed(speed: number): void {
    if (this.mode.kind === "playing") this.play(speed);
  }

  /** Pauses at once; the frame and the report follow when the tick in progress is finished. */
  private pause(): void {
    this.halt();
    if (this.world?.isWithinTick) this.scheduler.soon();
    else this.reportPaused();
  }

  /** Goes to a tick, back or ahead, from the nearest state before it. */
  seek(tick: number, onArrival: () => void): void {
    if (!this.world) return;
    this.stop();
    this.onArrival = onArrival;
    this.world.approach(Math.max(0, tick));
    this.publisher.invalidateAll();
    this.seekTo(tick, "show");
  }

  step(unit: StepUnit): void {
    const { world } = this;
    if (!world) return;
    this.stop();
    const to = unit === "event" ? world.tick + world.toNextEvent : world.nextRound;
    world.runTo(to, STEP_BUDGET_MS);
    if (world.tick < to) return this.seekTo(to, "show");
    this.sendFrame({ frameMs: STEP_MOTION_MS, tickMs: STEP_MOTION_MS });
    this.report(true);
  }

  finish(): void {
    if (this.world && this.world.tick < this.world.end) this.seekTo(this.world.end, "finish");
  }

  /** Applies commands up to the first that is refused; returns the reason of the refusal, or null. */
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
    this.publisher.invalidate();
    this.publisher.report(world, this.mode, true, { knobs: world.sim.knobs(), commands: world.commands, refused: world.sim.refused() });
    this.sendFrame(this.timing());
    return failure;
  }

  select(id: bigint | null): void {
    this.publisher.select(id);
    this.sendFrame(this.timing());
    this.report(true);
  }

  setLimit(messages: number): void {
    this.publisher.limit = messages;
    this.sendFrame(this.timing());
  }

  subscribe(part: Part, on: boolean): void {
    this.publisher.subscribe(part, on);
    if (on) this.report(true);
  }

  setMonitorMode(mode: MonitorMode): void {
    this.monitorMode = mode;
    if (this.world) this.applyMonitorMode(this.world);
    // Ticks ahead, which were not checked, are not skipped.
    this.world?.keyframes.forgetFrom(this.world.tick + 1);
    this.report(true);
  }

  checkNow(): void {
    this.publisher.requestCheck();
    this.report(true);
  }

  acknowledgeFrame(): void {
    if (this.publisher.acknowledgeFrame()) this.sendFrame(this.timing());
  }

  /** Makes a link to the run so far. */
  makeLink(respond: (response: Response) => void): void {
    this.links.make(this.mustHaveWorld().sim, (response) => {
      if ("link" in response) this.publisher.lastLink = response.link;
      respond(response);
    });
  }

  /** Gives up the link and the fingerprint that are being computed. */
  cancelWork(): void {
    this.links.cancel();
    this.publisher.cancelFingerprint();
  }

  scenario(): ScenarioInput {
    return this.mustHaveWorld().sim.scenario();
  }

  /**
   * Does work that calls into wasm. A panic makes the instance unusable: the run is dropped and the page is
   * told.
   */
  guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      const failed = this.world?.core ?? core;
      this.stop();
      this.world = null;
      this.postponed = [];
      const message = failed.last_panic() ?? messageOf(thrown);
      this.post({ type: "panicked", message, link: this.publisher.lastLink });
    }
  }

  private mustHaveWorld(): World {
    if (!this.world) throw new Error("There is no run.");
    return this.world;
  }

  /** Replaces the run; the present one stays if the next one cannot be made. */
  private replace(source: Source, origin: Origin): Failure | null {
    let world: World;
    try {
      world = openWorld(source);
    } catch (thrown) {
      return asFailure(thrown);
    }
    this.stop();
    this.world?.free();
    this.world = world;
    this.applyMonitorMode(world);
    this.publisher.begin(world, origin);
    this.sendFrame(STILL);
    return null;
  }

  private applyMonitorMode(world: World): void {
    this.publisher.isMonitored = this.monitorMode !== "off";
    if (this.monitorMode === "off") world.sim.unwatch();
    else world.sim.watch(this.monitorMode === "ticks");
  }

  private seekTo(to: number, purpose: SeekPurpose): void {
    const { world } = this;
    if (!world) return;
    this.scheduler.cancelDelayed();
    this.mode = { kind: "seeking", from: world.tick, to, purpose };
    if (!world.isWithinTick) this.report(true);
    this.scheduler.soon();
  }

  private stop(): void {
    this.halt();
    this.cancelWork();
    this.notifyArrival();
  }

  private halt(): void {
    this.scheduler.cancelDelayed();
    this.publisher.cancelFingerprint();
    this.mode = PAUSED;
  }

  /** Sends the frame and the report of a run that is paused between two ticks. */
  private reportPaused(): void {
    this.sendFrame(STILL);
    this.report(true);
    this.notifyArrival();
  }

  private notifyArrival(): void {
    const { onArrival } = this;
    this.onArrival = null;
    onArrival?.();
  }

  private runSlice(): void {
    const { world, mode } = this;
    if (!world || this.links.isBusy) return;
    if (world.isWithinTick && (mode.kind === "paused" || this.postponed.length > 0)) return this.finishTick(world);
    if (mode.kind === "paused") return;
    if (mode.kind === "seeking") {
      if (world.tick < mode.to) world.runTo(mode.to, SLICE_MS);
      this.afterSlice(world, world.tick >= mode.to, mode.purpose === "finish");
    } else {
      // Playback stops at the end of the experiment once; it can be continued past it.
      const end = world.tick < world.end ? world.end : Infinity;
      advance(world, this.clock, end, SLICE_MS);
      this.afterSlice(world, world.tick >= end, true);
    }
  }

  /** Finishes the tick in progress, then does the postponed work before anything else. */
  private finishTick(world: World): void {
    this.scheduler.soon();
    if (!world.finishTick(SLICE_MS)) return;
    if (this.mode.kind === "paused") this.reportPaused();
    this.postponed.splice(0).forEach((work) => this.betweenTicks(work));
  }

  private afterSlice(world: World, isOver: boolean, isEnd: boolean): void {
    if (isOver) {
      this.pause();
      if (isEnd) this.post({ type: "ended" });
      return;
    }
    if (world.isWithinTick) return this.scheduler.soon();
    // Frames on the way to a tick that is to be shown would only flicker.
    if (this.mode.kind !== "seeking" || this.mode.purpose !== "show") this.sendFrame(this.timing());
    this.report(false);
    this.scheduler.after(this.timing().frameMs);
  }

  private timing(): Timing {
    if (this.mode.kind !== "playing") return STILL;
    return { frameMs: this.clock.msUntilDue(performance.now()), tickMs: this.clock.tickMs };
  }

  private sendFrame(timing: Timing): void {
    if (this.world) this.publisher.sendFrame(this.world, this.mode, timing);
  }

  private report(now: boolean): void {
    if (this.world) this.publisher.report(this.world, this.mode, now);
  }
}
