/**
 * Publisher of frames and reports: one unacknowledged frame at a time, and reports at a rate that can be
 * read.
 */
import { asFailure } from "./failure";
import type { FrameUpdate, FromWorker, Inspection, Mode, Origin, Part, Report } from "./workerMessages";
import type { World } from "./world";

/**
 * Schedule of a recurring piece of work: it starts at least `every` milliseconds after it ended last, and
 * at least `rest` times as long after as it took, so that it uses at most one part in `rest + 1` of the
 * time.
 */
interface Schedule { every: number; rest: number }

const REPORTS: Schedule = { every: 125, rest: 12 };
const SCHEDULES: Record<Part, Schedule> = {
  shape: { every: 500, rest: 20 }, ring: { every: 200, rest: 20 }, sessions: { every: 250, rest: 20 },
  forks: { every: 250, rest: 20 },
  radio: { every: 100, rest: 10 }, blocks: { every: 100, rest: 10 },
  cache: { every: 250, rest: 20 }, pool: { every: 250, rest: 20 },
};
const PARTS: Part[] = ["shape", "ring", "sessions", "forks", "radio", "blocks", "cache", "pool"];
const CHECKS: Schedule = { every: 400, rest: 20 };
/** Links take the fingerprint of the whole state. */
const LINKS: Schedule = { every: 0, rest: 50 };
/** Milliseconds from which on a check of all properties is long. */
const LONG_CHECK_MS = 120;
/** Long checks in a row after which one is only done on demand: a single one tells of a busy machine, not of the world. */
const LONG_CHECKS_MAX = 2;
/** Milliseconds for which a large world must be paused before its fingerprint is computed. */
const FINGERPRINT_DELAY_MS = 250;
/** Milliseconds of work on a fingerprint between two messages of the page. */
const FINGERPRINT_SLICE_MS = 40;
/** Phase of messages while paused: half-way, so that sender and receiver can both be seen. */
const PAUSED_PHASE = 0.5;

export type Post = (message: FromWorker, transfer?: Transferable[]) => void;
export type Timing = Pick<FrameUpdate, "frameMs" | "tickMs">;
type Extras = Pick<Report, "knobs" | "commands" | "refused">;

export const STILL: Timing = { frameMs: 0, tickMs: 0 };

export class ReportPublisher {
  selected: bigint | null = null;
  /** Maximum number of messages in a frame. */
  limit = 420;
  /** Number of the last order to play or to pause; 0 before the first. */
  order = 0;
  /** Last link that is known to reproduce the run: offered after a panic. */
  lastLink: string | null = null;
  /** Whether the property monitor is on. */
  isMonitored = false;
  private lastCheck = NEVER_CHECKED;
  private isCheckRequested = false;
  private readonly subscribed = new Set<Part>();
  /** Time at which each part was read last, a tick or a round, and when it may be read again. */
  private readonly last: Record<Part, { at: number; due: number }> = {
    shape: { at: -1, due: 0 }, ring: { at: -1, due: 0 }, sessions: { at: -1, due: 0 },
    forks: { at: -1, due: 0 }, radio: { at: -1, due: 0 },
    blocks: { at: -1, due: 0 }, cache: { at: -1, due: 0 }, pool: { at: -1, due: 0 },
  };
  private lastFingerprint = { tick: -1, fingerprint: "" };
  private fingerprintTimer: ReturnType<typeof setTimeout> | undefined;
  private isAwaitingAck = false;
  private isFramePending = false;
  private reportDue = 0;
  private linkDue = 0;
  private reportedRound = -1;

  constructor(
    private readonly post: Post,
    /** Does work that calls into wasm. */
    private readonly guard: (work: () => void) => void,
  ) {}

  /** Selects a peer: what parts say about the one before is read again. */
  select(id: bigint | null): void {
    this.selected = id;
    for (const part of ["radio", "blocks", "cache", "pool"] as const) this.forget(part);
  }

  /** Announces a new run and forgets the previous one. */
  begin(world: World, origin: Origin): void {
    this.invalidateAll();
    this.isAwaitingAck = false;
    this.selected = null;
    this.lastCheck = NEVER_CHECKED;
    this.rememberLink(world);
    this.post({ type: "opened", run: world.info(), knobs: world.sim.knobs(), commands: world.commands, origin });
  }

  /** Makes the next report complete, for a run that moved to another tick. */
  invalidateAll(): void {
    this.reportedRound = -1;
    this.invalidate();
  }

  /** Discards results that were computed for the present tick, for a run that a command has changed. */
  invalidate(): void {
    this.lastCheck = { ...this.lastCheck, tick: -1 };
    PARTS.forEach((part) => this.forget(part));
    this.lastFingerprint.tick = -1;
  }

  private forget(part: Part): void {
    this.last[part].at = -1;
  }

  subscribe(part: Part, on: boolean): void {
    if (on) this.subscribed.add(part);
    else this.subscribed.delete(part);
    this.forget(part);
  }

  cancelFingerprint(): void {
    clearTimeout(this.fingerprintTimer);
  }

  /** Makes the next report contain a check of all properties. */
  requestCheck(): void {
    this.lastCheck = { ...this.lastCheck, tick: -1, due: 0 };
    this.isCheckRequested = true;
  }

  /** Notes that the page has taken the last frame; returns whether another one is pending. */
  acknowledgeFrame(): boolean {
    this.isAwaitingAck = false;
    return this.isFramePending;
  }

  sendFrame(world: World, mode: Mode, timing: Timing): void {
    this.isFramePending = this.isAwaitingAck;
    if (this.isAwaitingAck) return;
    this.isAwaitingAck = true;
    const frame = world.sim.frame(this.limit);
    const update: FrameUpdate = {
      frame,
      nextTick: world.tick + world.toNextEvent,
      finalPhase: mode.kind === "paused" ? PAUSED_PHASE : 1,
      detail: world.peer(this.selected),
      ...timing,
    };
    const arrays = [
      frame.peerId, frame.position, frame.status, frame.behavior, frame.connected, frame.messageFrom, frame.messageTo,
      frame.messageKind, frame.messageSent, frame.messageDue, frame.cut, frame.side,
    ];
    this.post({ type: "frame", update }, arrays.map((array) => array.buffer as ArrayBuffer));
  }

  /** Sends a report if one is due, or in any case if `now`. */
  report(world: World, mode: Mode, now: boolean, extras: Extras = {}): void {
    const at = performance.now();
    if (!now && at < this.reportDue) return;
    this.cancelFingerprint();
    const { sim } = world;
    const metrics = sim.metrics();
    const report: Report = {
      mode,
      order: this.order,
      metrics,
      verdict: sim.verdict(),
      fingerprint: mode.kind === "paused" ? this.fingerprint(world, mode) : null,
      detail: world.peer(this.selected),
      ...extras,
    };
    if (metrics.rounds !== this.reportedRound) {
      this.reportedRound = metrics.rounds;
      report.history = sim.history();
      report.refused = sim.refused();
      report.notices = sim.notices();
      if (at >= this.linkDue) this.rememberLink(world);
    }
    const reportMs = performance.now() - at;
    // Shapes and checks have schedules of their own.
    const isDue = (part: Part, time: number): boolean => this.isDue(part, time, at, now);
    if (isDue("shape", world.tick)) report.shape = this.read("shape", world.tick, () => sim.shape());
    if (isDue("ring", metrics.rounds)) report.ringHistory = this.read("ring", metrics.rounds, () => sim.ring_history());
    const sessions = metrics.sessions && isDue("sessions", world.tick) && this.read("sessions", world.tick, () => sim.sessions());
    if (sessions) report.sessions = sessions;
    const forks = metrics.sync && isDue("forks", world.tick) && this.read("forks", world.tick, () => sim.forks());
    if (forks) report.forks = forks;
    const radio = metrics.radio && isDue("radio", world.tick) && this.read("radio", world.tick, () => sim.radio_map(this.selected));
    if (radio) report.radio = radio;
    const blocks = metrics.blocks && isDue("blocks", world.tick) && this.read("blocks", world.tick, () => sim.block_map(this.selected));
    if (blocks) report.blocks = blocks;
    const cache = metrics.cache && isDue("cache", world.tick) && this.read("cache", world.tick, () => world.cacheOf(this.selected));
    if (cache) report.cache = cache;
    const pool = metrics.manager && isDue("pool", world.tick) && this.read("pool", world.tick, () => world.poolOf(this.selected));
    if (pool) report.pool = pool;
    if (this.isCheckRequested || (!world.isLarge && this.isCheckDue(world.tick, at, now))) report.inspection = this.check(world);
    this.post({ type: "report", report });
    this.reportDue = nextDue(REPORTS, performance.now(), reportMs);
  }

  /**
   * Fingerprint of the run; null for a large world, whose fingerprint takes seconds and follows in a report
   * of its own.
   */
  private fingerprint(world: World, mode: Mode): string | null {
    if (this.lastFingerprint.tick === world.tick) return this.lastFingerprint.fingerprint;
    if (!world.isLarge) {
      this.lastFingerprint = { tick: world.tick, fingerprint: world.sim.fingerprint() };
      return this.lastFingerprint.fingerprint;
    }
    const schedule = (delayMs: number): void => {
      this.fingerprintTimer = setTimeout(() => this.guard(compute), delayMs);
    };
    const compute = (): void => {
      const fingerprint = world.sim.name(FINGERPRINT_SLICE_MS);
      if (fingerprint === undefined) return schedule(0);
      this.lastFingerprint = { tick: world.tick, fingerprint };
      this.report(world, mode, true);
    };
    schedule(FINGERPRINT_DELAY_MS);
    return null;
  }

  private isDue(part: Part, time: number, at: number, now: boolean): boolean {
    return this.subscribed.has(part) && this.last[part].at !== time && (now || at >= this.last[part].due);
  }

  private read<T>(part: Part, time: number, work: () => T): T {
    const begun = performance.now();
    const found = work();
    const ended = performance.now();
    this.last[part] = { at: time, due: nextDue(SCHEDULES[part], ended, ended - begun) };
    return found;
  }

  private isCheckDue(tick: number, at: number, now: boolean): boolean {
    const { lastCheck, isMonitored } = this;
    return isMonitored && lastCheck.tick !== tick && lastCheck.longInARow < LONG_CHECKS_MAX && (now || at >= lastCheck.due);
  }

  private check(world: World): Inspection {
    const begun = performance.now();
    const states = world.sim.inspect();
    const ended = performance.now();
    const tookMs = ended - begun;
    this.isCheckRequested = false;
    const longInARow = tookMs < LONG_CHECK_MS ? 0 : this.lastCheck.longInARow + 1;
    this.lastCheck = { tick: world.tick, longInARow, due: nextDue(CHECKS, ended, tookMs) };
    return { tick: world.tick, checks: world.sim.looks, states };
  }

  /** Keeps a link for the case of a panic; for a large world one to tick 0, which needs no fingerprint. */
  private rememberLink(world: World): void {
    const begun = performance.now();
    try {
      this.lastLink = world.isLarge ? world.sim.plain_link() : world.sim.link();
    } catch (thrown) {
      // The run has too many commands for a link: the last shorter one is kept.
      asFailure(thrown);
    }
    const ended = performance.now();
    this.linkDue = nextDue(LINKS, ended, ended - begun);
  }
}

const NEVER_CHECKED = { tick: -1, longInARow: 0, due: 0 };

function nextDue({ every, rest }: Schedule, ended: number, tookMs: number): number {
  return ended + Math.max(every, rest * tookMs);
}
