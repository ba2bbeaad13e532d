/** What leaves the worker while a world runs: pictures, one under way at a time, and numbers, at a rate a person can read. */
import type { Knob, Shape } from "../wasm/ringside_wasm.js";
import type { FromWorker, Inspection, Mode, Report, Shot, TimedCommand } from "./protocol";
import { asFailure } from "./failure";
import type { World } from "./world";

/** Milliseconds between reports while running: numbers that change faster cannot be read; and how much longer than a report itself. */
const REPORT_EVERY = 125;
const REPORT_REST = 12;
/** How much longer than the making of a link, which takes the fingerprint of everything, the next one waits. */
const LINK_REST = 50;
/** Milliseconds between two looks at the shape of the graph, and how much longer than a look itself: it may take long in a large world. */
const SHAPE_EVERY = 500;
const SHAPE_REST = 20;
/** The same for what must hold; and the milliseconds of a look from which on it is only made when somebody asks for it. */
const LOOK_EVERY = 400;
const LOOK_REST = 20;
const LONG_LOOK = 120;
/** Milliseconds that a large world must rest before its fingerprint is taken: whoever goes on at once shall not wait for it. */
const NAMING_REST = 250;
/** Milliseconds of work on a fingerprint before the worker looks at its messages again. */
const NAMING_SLICE = 40;
/** Where messages come to rest while paused: half-way, where sender and receiver are both seen. */
const REST = 0.5;

export type Post = (message: FromWorker, transfer?: Transferable[]) => void;
/** How long the next picture lasts, and how long an eventful tick lasts at the present speed; zero where nothing moves. */
export type Timing = Pick<Shot, "span" | "slot">;
type Extras = { knobs?: Knob[]; commands?: TimedCommand[] };

export const STILL: Timing = { span: 0, slot: 0 };

export class Outlet {
  selected: bigint | null = null;
  /** At most this many messages a picture. */
  limit = 420;
  /** The last link that is known to be good: what a panic screen offers. */
  lastLink: string | null = null;
  /** Whether what must hold is looked at. */
  samples = false;
  private looked = { tick: -1, took: 0, due: 0 };
  /** Whether somebody looks at the shape of the graph. */
  private watchesShape = false;
  private shape = { tick: -1, due: 0 };
  private named = { tick: -1, fingerprint: "" };
  private naming: ReturnType<typeof setTimeout> | undefined;
  private mustLook = false;
  private underWay = false;
  private owed = false;
  private reportDue = 0;
  private linkDue = 0;
  private reportedRound = -1;

  constructor(
    private readonly post: Post,
    /** Runs what may reach into wasm. */
    private readonly guard: (work: () => void) => void,
  ) {}

  /** A new world: what was reported of the former one does not count. */
  begin(world: World): void {
    this.wentElsewhere();
    this.underWay = false;
    this.selected = null;
    this.looked = { tick: -1, took: 0, due: 0 };
    this.noteLink(world);
    this.post({ type: "opened", run: world.info(), knobs: world.sim.knobs(), commands: world.commands });
  }

  /** The next report tells all, whatever was reported before. */
  wentElsewhere(): void {
    this.reportedRound = -1;
    this.changed();
  }

  /** The world is another at the same tick. */
  changed(): void {
    this.looked.tick = -1;
    this.shape.tick = -1;
    this.named.tick = -1;
  }

  watchShape(on: boolean): void {
    this.watchesShape = on;
    this.shape.tick = -1;
  }

  /** Nobody rests here long enough for a fingerprint to be taken. */
  nameNothing(): void {
    clearTimeout(this.naming);
  }

  /** Have the next report tell how all properties stand. */
  lookNow(): void {
    this.looked = { tick: -1, took: 0, due: 0 };
    this.mustLook = true;
  }

  /** The page took the last picture; whether it has been waiting for another. */
  drawn(): boolean {
    this.underWay = false;
    return this.owed;
  }

  show(world: World, mode: Mode, timing: Timing): void {
    this.owed = this.underWay;
    if (this.underWay) return;
    this.underWay = true;
    const frame = world.sim.frame(this.limit);
    const shot: Shot = {
      frame,
      until: world.tick + world.toNextEvent,
      rest: mode.kind === "paused" ? REST : 1,
      detail: world.peer(this.selected),
      ...timing,
    };
    const arrays = [
      frame.peerId, frame.turn, frame.status, frame.conduct, frame.connected, frame.messageFrom, frame.messageTo,
      frame.messageKind, frame.messageSent, frame.messageDue, frame.cut, frame.side,
    ];
    this.post({ type: "shot", shot }, arrays.map((array) => array.buffer as ArrayBuffer));
  }

  report(world: World, mode: Mode, now: boolean, extras: Extras = {}): void {
    const at = performance.now();
    if (!now && at < this.reportDue) return;
    this.nameNothing();
    const { sim } = world;
    const metrics = sim.metrics();
    const report: Report = {
      mode,
      metrics,
      verdict: sim.verdict(),
      fingerprint: mode.kind === "paused" ? this.name(world, mode) : null,
      detail: world.peer(this.selected),
      ...extras,
    };
    if (metrics.rounds !== this.reportedRound) {
      this.reportedRound = metrics.rounds;
      report.history = sim.history();
      report.refused = sim.refused();
      report.notices = sim.notices();
      if (at >= this.linkDue) this.noteLink(world);
    }
    const took = performance.now() - at;
    // Looks have a pace of their own.
    if (this.watchesShape && this.shape.tick !== world.tick && (now || at >= this.shape.due)) report.shape = this.lookAtShape(world);
    if (this.mustLook || (this.samples && !world.isLarge && this.isLookDue(world.tick, at, now))) report.inspection = this.inspect(world);
    this.post({ type: "report", report });
    this.reportDue = performance.now() + Math.max(REPORT_EVERY, REPORT_REST * took);
  }

  /** The fingerprint; that of a large world follows in a report of its own, because taking it may take seconds. */
  private name(world: World, mode: Mode): string | null {
    if (this.named.tick === world.tick) return this.named.fingerprint;
    if (!world.isLarge) return this.takeName(world);
    const later = (rest: number): void => {
      this.naming = setTimeout(() => this.guard(goOn), rest);
    };
    const goOn = (): void => {
      const fingerprint = world.sim.name(NAMING_SLICE);
      if (fingerprint === undefined) return later(0);
      this.named = { tick: world.tick, fingerprint };
      this.report(world, mode, true);
    };
    later(NAMING_REST);
    return null;
  }

  private takeName(world: World): string {
    this.named = { tick: world.tick, fingerprint: world.sim.fingerprint() };
    return this.named.fingerprint;
  }

  private isLookDue(tick: number, at: number, now: boolean): boolean {
    const { looked } = this;
    return looked.tick !== tick && looked.took < LONG_LOOK && (now || at >= looked.due);
  }

  private inspect(world: World): Inspection {
    const begun = performance.now();
    const states = world.sim.inspect();
    const ended = performance.now();
    const took = ended - begun;
    this.mustLook = false;
    this.looked = { tick: world.tick, took, due: ended + Math.max(LOOK_EVERY, LOOK_REST * took) };
    return { tick: world.tick, looks: world.sim.looks, states };
  }

  private lookAtShape(world: World): Shape {
    const begun = performance.now();
    const shape = world.sim.shape();
    const ended = performance.now();
    this.shape = { tick: world.tick, due: ended + Math.max(SHAPE_EVERY, SHAPE_REST * (ended - begun)) };
    return shape;
  }

  /** Of a large world, a link to its beginning is enough: it takes no fingerprint. */
  private noteLink(world: World): void {
    const begun = performance.now();
    try {
      this.lastLink = world.isLarge ? world.sim.plain_link() : world.sim.link();
    } catch (thrown) {
      // Too many commands for a link: the last one that fitted is still the best there is.
      asFailure(thrown);
    }
    const ended = performance.now();
    this.linkDue = ended + LINK_REST * (ended - begun);
  }
}
